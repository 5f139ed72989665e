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

  it('of a protected tag names the tags that may be moved, exactly, or what the registry said', () => {
    const details = {
      reference: 'r.example/a:1',
      existing: 'sha256:a',
      pushed: 'sha256:b',
      onlyAnnotationsDiffer: false,
    };
    expect(present(new OciError('TAG_IMMUTABLE', 'internal words', details))).toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining('latest, latest-*, dev, dev-*, snapshot, snapshot-*.'),
    });
    const refused = { ...details, refusal: 'PRECONDITION: configured as immutable.' };
    expect(present(new OciError('TAG_IMMUTABLE', 'internal words', refused)).hint).toMatch(
      /The registry itself .*: PRECONDITION: configured as immutable\.$/,
    );
  });

  it('of a race for a tag is exit 4, and says what is there', () => {
    const details = { reference: 'r.example/a:1', expected: 'sha256:b', actual: 'sha256:a' };
    expect(present(new OciError('TAG_RACE', 'internal words', details))).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('it is sha256:a, not sha256:b'),
    });
  });

  it('of an answer to a write does not promise that nothing was written', () => {
    const hint = (method: string) =>
      present(
        new OciError('INVALID_RESPONSE', 'internal words', { method, url: 'https://r', status: 201, reason: 'x' }),
      ).hint;
    expect(hint('GET')).toMatch(/^Nothing was written\. Check/);
    expect(hint('PUT')).toMatch(/^Check/);
  });

  it('of something unsupported says what can be done instead, when that is known', () => {
    const unsupported = (details: { what: string; instead?: string }) =>
      present(new OciError('UNSUPPORTED', 'internal words', details)).hint;
    expect(unsupported({ what: 'x', instead: 'Remove the index first' })).toBe('Remove the index first.');
    expect(unsupported({ what: 'x' })).toMatch(/other registries/);
  });

  it.each([
    ['authority', /--ca-file.*NODE_EXTRA_CA_CERTS/],
    ['client-certificate', /--cert.*--key/],
    ['protocol', /--plain-http.*HTTPS_PROXY/],
    ['validity', /clock/],
    [undefined, /--ca-file/],
  ] as const)('of TLS names what would help: %s', (problem, words) => {
    const details = { registry: 'r.example', reason: 'no', ...(problem && { problem }) };
    expect(present(new OciError('TLS_FAILED', 'internal words', details))).toMatchObject({
      exitCode: 5,
      hint: expect.stringMatching(words),
    });
  });

  it('of a proxy that wants a password says where to put it', () => {
    const details = { registry: 'r.example', proxy: 'http://p.example', status: 407 };
    expect(present(new OciError('PROXY_REFUSED', 'internal words', details))).toMatchObject({
      exitCode: 5,
      message: expect.stringContaining('http://p.example'),
      hint: expect.stringContaining('HTTPS_PROXY'),
    });
  });

  it('shows no secret in what lay underneath', () => {
    const cause = new Error(
      'failed at https://me:hidden-word@r.example/x?sig=hidden-word with Bearer hidden-word-of-eight',
    );
    const shown = errorText(present(new OciError('TLS_FAILED', 'x', { registry: 'r', reason: 'no' }, { cause })), true);
    expect(shown).toContain('caused by: failed at https://r.example/x?sig=***');
    expect(shown).not.toContain('hidden-word');
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
