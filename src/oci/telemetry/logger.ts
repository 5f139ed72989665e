/** Facts that belong to an event; values are made safe (redacted) by whoever logs them. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the core writes what it does: one event name in snake_case and its facts. Levels are VS Code's. */
export interface Logger {
  trace(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const nothing = (): void => {};

/** Says nothing: the default wherever a logger may be given. */
export const silentLogger: Logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
