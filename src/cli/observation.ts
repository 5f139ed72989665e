import {
  type Cache,
  HttpRecording,
  isOperation,
  type Logger,
  type OperationFacts,
  observeOperation,
  type RunningTelemetry,
  silentTelemetry,
  type Telemetry,
  version,
} from '../oci/index.ts';
import { Verdict } from './cliError.ts';
import type { CliIo } from './io.ts';
import type { GlobalOptions } from './options.ts';
import { telemetryFor, watchCache, writeReport } from './telemetry.ts';

interface ObservationInput {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  readonly logger: Logger;
  warn(text: string): void;
}

/** What is seen of one run of a command by those who look: traces, numbers, and the recording of `--record`. */
export class Observation {
  /** What `--record` keeps of the HTTP exchange. */
  readonly recording: HttpRecording | undefined;
  readonly #input: ObservationInput;
  #running: RunningTelemetry | undefined;
  #tell: ((facts: OperationFacts) => void) | undefined;

  constructor(input: ObservationInput) {
    this.#input = input;
    this.recording = input.options.record === undefined ? undefined : new HttpRecording();
  }

  /** Silent unless the environment or an option wants to know. */
  get telemetry(): Telemetry {
    return this.#running?.telemetry ?? silentTelemetry;
  }

  /** Runs what a command does, so that it is seen where anybody looks. */
  async run(command: string, action: () => Promise<void>): Promise<void> {
    const { io, options, logger } = this.#input;
    this.#running = await telemetryFor({ io, options, warn: (text) => this.#input.warn(text) });
    if (!isOperation(command)) return action();
    const verdict = await observeOperation({ telemetry: this.telemetry, logger }, command, async (tell) => {
      this.#tell = tell;
      return await verdictOf(action);
    });
    if (verdict !== undefined) throw verdict;
  }

  /** Adds to what is known of the operation, for logs and telemetry. */
  tell(facts: OperationFacts): void {
    this.#tell?.(facts);
  }

  /** Writes and sends what is wanted. Nothing fails for its sake: what a command was asked for has been done. */
  async end(cache: Cache | undefined): Promise<void> {
    const { io, options, warn } = this.#input;
    const { record, metricsFile } = options;
    const write = (file: string, what: string, text: string): Promise<void> =>
      writeReport(file, io.cwd, text).catch((error: Error) => warn(`the ${what} not written: ${error.message}`));
    if (record !== undefined && this.recording !== undefined) {
      await write(record, 'recording was', this.recording.toHar(version));
    }
    const running = this.#running;
    if (running === undefined) return;
    await watchCache(running, cache);
    if (metricsFile !== undefined) await write(metricsFile, 'metrics were', await running.prometheus());
    await running.end();
  }
}

/** The answer of a command that is an exit code: nothing has failed. @throws what else the action throws */
async function verdictOf(action: () => Promise<void>): Promise<Verdict | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (error instanceof Verdict) return error;
    throw error;
  }
}
