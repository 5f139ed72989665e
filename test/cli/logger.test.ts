import { describe, expect, it } from 'vitest';
import { createLogger, type LogFormat, type LogLevel, logLevelFrom } from '../../src/cli/logger.ts';

function logged(level: LogLevel, format: LogFormat = 'text'): readonly string[] {
  const lines: string[] = [];
  const logger = createLogger({ level, format, print: (line) => lines.push(line) });
  logger.debug('request_sent', { method: 'GET', status: 200, reason: 'two words', absent: undefined });
  logger.warn('answer_odd', { text: 'a\u001b[2J' });
  return lines;
}

describe('the log', () => {
  it('is a line an event, with its facts', () => {
    expect(logged('debug')).toEqual([
      'debug: request_sent method=GET status=200 reason="two words"',
      'warning: answer_odd text=a\\u{1b}[2J',
    ]);
  });

  it('leaves out what is below its level', () => {
    expect(logged('warn')).toHaveLength(1);
    expect(logged('off')).toEqual([]);
  });

  it('is an object a line as JSON', () => {
    const [line = ''] = logged('debug', 'json');
    expect(JSON.parse(line)).toMatchObject({ level: 'debug', event: 'request_sent', method: 'GET', status: 200 });
  });

  it('has the level of the variable, else of --verbose', () => {
    expect(logLevelFrom('TRACE', false)).toBe('trace');
    expect(logLevelFrom('', true)).toBe('trace');
    expect(logLevelFrom(undefined, false)).toBe('warn');
    expect(() => logLevelFrom('loud', false)).toThrow(expect.objectContaining({ code: 'WRONG_USAGE' }));
  });
});
