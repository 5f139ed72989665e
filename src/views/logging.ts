import type { LogOutputChannel } from 'vscode';
import { type LogFields, type Logger, redactText } from '../oci/index.ts';

/**
 * The core's log in the output channel "Floe OCI": `event name=value …`, one line an event.
 * @param context what every event is part of, at the time; default: nothing
 */
export function loggerOver(channel: LogOutputChannel, context: () => LogFields = () => ({})): Logger {
  const line = (event: string, fields?: LogFields): string => logLine(event, { ...fields, ...context() });
  return {
    trace: (event, fields) => channel.trace(line(event, fields)),
    debug: (event, fields) => channel.debug(line(event, fields)),
    info: (event, fields) => channel.info(line(event, fields)),
    warn: (event, fields) => channel.warn(line(event, fields)),
    error: (event, fields) => channel.error(line(event, fields)),
  };
}

/** An error with what caused it, outermost first, for the log. */
export function causeChain(error: unknown): string {
  const links: string[] = [];
  const seen = new Set<unknown>();
  for (let link = error; link !== undefined && link !== null && !seen.has(link); link = causeOf(link)) {
    seen.add(link);
    links.push(redactText(linkText(link)));
  }
  return links.join('\n  caused by: ');
}

function linkText(link: unknown): string {
  if (!(link instanceof Error)) return String(link);
  const code = 'code' in link && typeof link.code === 'string' ? ` ${link.code}` : '';
  return `${link.name}${code}: ${link.message}`;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** Redacted once more: what is in it was redacted where it was made. */
export function logLine(event: string, fields: LogFields = {}): string {
  const facts = Object.entries(fields).filter(([, value]) => value !== undefined);
  return redactText([event, ...facts.map(([name, value]) => `${name}=${show(value)}`)].join(' '));
}

function show(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(causeChain(value));
  if (typeof value === 'string') return /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? String(value);
}
