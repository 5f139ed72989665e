import { describe, expect, it } from 'vitest';
import { OciError } from '../../src/oci/index.ts';
import { describeError, explain } from '../../src/views/describeError.ts';

describe('an error in the words of the user', () => {
  it('says which registry wants other credentials, and offers to edit them', () => {
    const error = new OciError('UNAUTHORIZED', 'x', { registry: 'r.example', reason: 'invalid token.' });
    expect(describeError(error)).toMatchObject({
      sentence: 'r.example wants you to sign in, or does not accept your credentials: invalid token.',
      remedies: ['credentials', 'retry'],
      registry: 'r.example',
    });
  });

  it('names both digests of a tag that may not be moved', () => {
    const details = {
      reference: 'r/a:1.0.0',
      existing: 'sha256:aa',
      pushed: 'sha256:bb',
      onlyAnnotationsDiffer: false,
    };
    const text = explain(describeError(new OciError('TAG_IMMUTABLE', 'x', details)));
    expect(text).toContain('sha256:aa');
    expect(text).toContain('sha256:bb');
  });

  it('names the first problems of a document with their paths', () => {
    const problems = ['a', 'b', 'c', 'd'].map((path) => ({ path, message: 'is required' }));
    const { hint } = describeError(new OciError('INVALID_DOCUMENT', 'x', { file: 'f.json', problems }));
    expect(hint).toBe('a: is required · b: is required · c: is required');
  });

  it('has no link and no control character, whatever a registry says', () => {
    const reason = 'see [this](command:evil)\u001b[2J\n';
    const text = explain(describeError(new OciError('DENIED', 'x', { registry: 'r', reason })));
    expect(text).toContain('[this] (command:evil)');
    expect(text).not.toMatch(/\p{Cc}/u);
  });

  it.each([
    ['authority', /floeOci\.registryOptions, caFile .*http\.systemCertificates/],
    ['client-certificate', /clientCertFile and clientKeyFile/],
    ['protocol', /plainHttp .*http\.proxy/],
    [undefined, /caFile/],
  ] as const)('names the setting that helps with TLS: %s', (problem, setting) => {
    const details = { registry: 'r', reason: 'no', ...(problem && { problem }) };
    expect(describeError(new OciError('TLS_FAILED', 'x', details)).hint).toMatch(setting);
  });

  it('names the setting of a proxy that wants a password', () => {
    const error = new OciError('PROXY_REFUSED', 'x', { registry: 'r', proxy: null, status: 407 });
    expect(describeError(error).hint).toMatch(/http\.proxy .*http\.proxyAuthorization/);
  });

  it('names both token servers of a registry that changed its own', () => {
    const details = { registry: 'r', from: 'https://old.example', to: 'https://new.example' };
    expect(describeError(new OciError('REALM_REFUSED', 'x', details)).sentence).toMatch(/new\.example.*old\.example/);
  });

  it('offers to try again what nobody has foreseen', () => {
    expect(describeError(new TypeError('a is not a function'))).toEqual({
      sentence: 'a is not a function',
      remedies: ['retry'],
    });
  });
});
