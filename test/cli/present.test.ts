import { describe, expect, it } from 'vitest';
import { CliError } from '../../src/cli/cliError.ts';
import { errorJson, errorText, present } from '../../src/cli/present.ts';
import { cancelled, OciError } from '../../src/oci/index.ts';

describe('an error', () => {
  const error = new OciError(
    'REGISTRY_UNAVAILABLE',
    'internal words',
    { registry: 'r.example', reason: 'refused\u001b[2J', status: null },
    { cause: new Error('connect ECONNREFUSED', { cause: new Error('deep\nline') }) },
  );

  it('is a sentence and a hint, with nothing that a terminal acts on', () => {
    expect(errorText(present(error), false)).toMatch(
      /^error: r\.example cannot be reached: refused\\u\{1b\}\[2J\.\nhint: .*$/,
    );
  });

  it('of a registry that did answer does not send anybody to look at the network', () => {
    const details = { registry: 'r.example', reason: 'out of disk', status: 503 };
    const { message, hint } = present(new OciError('REGISTRY_UNAVAILABLE', 'internal words', details));
    expect(message).toBe('r.example answered 503: out of disk.');
    expect(hint).not.toMatch(/proxy|plain-http/);
  });

  it('says what lay underneath when asked, in words, never with a stack trace', () => {
    const lines = errorText(present(error), true).split('\n');
    expect(lines.slice(2)).toEqual(['caused by: connect ECONNREFUSED', 'caused by: deep\\u{a}line']);
    expect(lines.join('\n')).not.toMatch(/\bat .*:\d+:\d+/);
  });

  it('is one line as JSON', () => {
    const line = errorJson(present(error));
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      error: {
        code: 'REGISTRY_UNAVAILABLE',
        message: 'r.example cannot be reached: refused\u001b[2J.',
        hint: expect.any(String),
        details: { registry: 'r.example', reason: 'refused\u001b[2J', status: null },
      },
    });
  });

  it('that nobody foresaw is still a sentence', () => {
    for (const thrown of [new TypeError('x is not a function'), 'text', undefined, Object.create(null)]) {
      expect(present(thrown)).toMatchObject({ code: 'INTERNAL', exitCode: 1 });
    }
    const circular = new Error('loop');
    circular.cause = circular;
    expect(present(circular).causes.length).toBeLessThan(10);
  });

  it('has one exit code', () => {
    expect(present(cancelled()).exitCode).toBe(130);
    expect(present(error).exitCode).toBe(5);
    expect(present(new CliError('INCOMPLETE', 'm', 'h', { missing: 1, of: 2 })).exitCode).toBe(1);
  });
});
