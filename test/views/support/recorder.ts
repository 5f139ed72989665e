import type { LogFields, Logger } from '../../../src/oci/index.ts';

/** A log whose lines can be looked at: `warn event {…}`. */
export class Recorder implements Logger {
  readonly lines: string[] = [];
  readonly trace = this.#level('trace');
  readonly debug = this.#level('debug');
  readonly info = this.#level('info');
  readonly warn = this.#level('warn');
  readonly error = this.#level('error');

  #level(level: string) {
    return (event: string, fields: LogFields = {}): void => {
      this.lines.push(`${level} ${event} ${JSON.stringify(fields)}`);
    };
  }
}
