import { expect, it } from 'vitest';
import type { LogOutputChannel } from 'vscode';
import { OciError } from '../../src/oci/index.ts';
import { causeChain, loggerOver } from '../../src/views/logging.ts';

function capture(): { readonly lines: string[]; readonly channel: LogOutputChannel } {
  const lines: string[] = [];
  const write = (level: string) => (text: string) => lines.push(`${level} ${text}`);
  const channel = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, write(level)]));
  return { lines, channel: channel as unknown as LogOutputChannel };
}

it('writes an event and its facts on one line', () => {
  const { lines, channel } = capture();
  loggerOver(channel).info('response', { status: 200, url: 'https://r/v2/', note: 'two words\n', skipped: undefined });
  expect(lines).toEqual(['info response status=200 url=https://r/v2/ note="two words\\n"']);
});

it('lets no credential through', () => {
  const { lines, channel } = capture();
  const logger = loggerOver(channel);
  logger.debug('request', { header: 'Basic YWRhOmhvcnNlaG9yc2U=', other: 'Bearer abc.def-ghi_jkl' });
  logger.debug('redirect', { url: 'https://ada:horse@blobs.example/x?X-Amz-Signature=abc&y=1' });
  expect(lines.join('\n')).not.toMatch(/YWRh|abc\.def|horse|=abc/);
});

it('shows what caused an error, outermost first', () => {
  const root = new Error('connect ECONNREFUSED 127.0.0.1:1');
  const details = { registry: 'r', reason: 'refused', status: null };
  const error = new OciError('REGISTRY_UNAVAILABLE', 'r cannot be reached', details, { cause: root });
  expect(causeChain(error)).toBe(
    'OciError REGISTRY_UNAVAILABLE: r cannot be reached\n  caused by: Error: connect ECONNREFUSED 127.0.0.1:1',
  );
});

it('ends when causes go round in a circle', () => {
  const error = new Error('a');
  error.cause = error;
  expect(causeChain(error)).toBe('Error: a');
});
