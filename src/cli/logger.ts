import { type LogFields, type Logger, visible, visibleJson } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'off'] as const;

/** From how much to how little is logged. */
export type LogLevel = (typeof LEVELS)[number];

/** What `--log-format` takes. */
export const LOG_FORMATS = ['text', 'json'] as const;

/** How a line of the log is written. */
export type LogFormat = (typeof LOG_FORMATS)[number];

/**
 * `FLOE_OCI_LOG`, else everything with `--verbose`, else warnings and errors.
 * @throws CliError WRONG_USAGE for a level that does not exist
 */
export function logLevelFrom(variable: string | undefined, verbose: boolean): LogLevel {
  if (variable === undefined || variable === '') return verbose ? 'trace' : 'warn';
  const level = LEVELS.find((name) => name === variable.toLowerCase());
  if (level === undefined) {
    throw wrongUsage(`FLOE_OCI_LOG is "${variable}", which is no log level.`, `Accepted: ${LEVELS.join(', ')}.`);
  }
  return level;
}

/** What is logged, and how. */
export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes a finished line. */
  readonly print: (line: string) => void;
  /** What every event is part of, at the time. Default: nothing. */
  readonly context?: () => LogFields;
}

/** One line an event: `debug: request method=GET …`, or an object with `time`, `level`, `event` and the facts. */
export function createLogger({ level, format, print, context }: LoggerOptions): Logger {
  const at =
    (own: Exclude<LogLevel, 'off'>) =>
    (event: string, fields: LogFields = {}) => {
      if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return;
      const all = context ? { ...fields, ...context() } : fields;
      print(format === 'json' ? jsonLine(own, event, all) : textLine(own, event, all));
    };
  return { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function jsonLine(level: LogLevel, event: string, fields: LogFields): string {
  return visibleJson({ ...fields, time: new Date().toISOString(), level, event });
}

function textLine(level: LogLevel, event: string, fields: LogFields): string {
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`);
  return visible(`${level === 'warn' ? 'warning' : level}: ${event}${facts.join('')}`);
}

/** Only a value that would not read as one word is quoted. */
function quoted(value: string): string {
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
