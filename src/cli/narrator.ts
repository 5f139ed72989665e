import { type DocumentProblem, type Logger, type Telemetry, traceFields, visible } from '../oci/index.ts';
import type { CliIo } from './io.ts';
import { createLogger, logLevelFrom } from './logger.ts';
import type { GlobalOptions } from './options.ts';
import { createOutput, type Output } from './output.ts';
import { createProgress, type Progress } from './progress.ts';
import { problemText } from './sentences.ts';
import { createStatusLine, type StatusLine } from './statusLine.ts';

/** More would bury the result. */
const MAX_WARNINGS = 5;

/** What a command says while it runs: its result, what there is to know besides, and how far it is. */
export abstract class Narrator {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  readonly output: Output;
  readonly status: StatusLine;
  readonly logger: Logger;

  constructor(io: CliIo, options: GlobalOptions) {
    this.io = io;
    this.options = options;
    this.output = createOutput(io.stdout);
    this.status = createStatusLine(io.stderr, { draw: options.json !== true && options.logFormat === 'text' });
    this.logger = createLogger({
      level: logLevelFrom(io.env['FLOE_OCI_LOG'], options.verbose === true),
      format: options.logFormat,
      print: (line) => this.status.print(line),
      context: () => traceFields(this.telemetry),
    });
  }

  abstract get telemetry(): Telemetry;

  progress(verb: string): Progress {
    return createProgress(verb, this.status);
  }

  /** Something the user should know, which does not fail the command. */
  warn(text: string): void {
    if (this.options.logFormat === 'json') this.logger.warn('notice', { message: text });
    else this.status.print(`warning: ${visible(text)}`);
  }

  /** What is said of a document that is accepted all the same. */
  warnOfDocument(file: string, problems: readonly DocumentProblem[]): void {
    for (const problem of problems.slice(0, MAX_WARNINGS)) this.warn(`${file}: ${problemText(problem)}`);
    if (problems.length > MAX_WARNINGS) this.warn(`${file}: and ${problems.length - MAX_WARNINGS} more`);
  }

  /** Something that was done, for people. */
  note(text: string): void {
    if (this.options.json !== true && this.options.logFormat === 'text') this.status.print(visible(text));
  }
}
