import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../src/oci/transport/proxies.ts';

const REGISTRY = new URL('https://registry.example.com/v2/');
const proxy = { HTTPS_PROXY: 'http://proxy.example:3128' };
const isProxied = (url: string, NO_PROXY: string): boolean =>
  proxyFor(new URL(url), { ...proxy, NO_PROXY }) !== undefined;

describe('a proxy', () => {
  it('is that of the scheme, and the lower-case name comes first', () => {
    const both = { HTTP_PROXY: 'http://a.example', HTTPS_PROXY: 'http://b.example', https_proxy: 'http://c.example' };
    expect(proxyFor(REGISTRY, both)).toEqual({
      variable: 'https_proxy',
      origin: 'http://c.example',
      authorization: undefined,
    });
    expect(proxyFor(new URL('http://registry.example.com/'), both)?.origin).toBe('http://a.example');
    expect(proxyFor(REGISTRY, { HTTP_PROXY: 'http://a.example' })).toBeUndefined();
    expect(proxyFor(REGISTRY, { HTTPS_PROXY: '' })).toBeUndefined();
  });

  it('may be written without a scheme', () => {
    expect(proxyFor(REGISTRY, { HTTPS_PROXY: 'proxy.example:3128' })?.origin).toBe('http://proxy.example:3128');
    expect(proxyFor(REGISTRY, { HTTPS_PROXY: 'me:p%40ss@proxy.example:3128' })).toMatchObject({
      origin: 'http://proxy.example:3128',
      authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    });
  });

  it.each([
    'ftp://me:hidden-word@proxy.example',
    'socks5://me:hidden-word@proxy.example',
    'http://me:hidden-word%@proxy.example',
    'http://me:hidden-word@',
    'me:hidden-word',
  ])('that is none is said without its value: %s', (value) => {
    const error = (() => {
      try {
        return proxyFor(REGISTRY, { HTTPS_PROXY: value });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { argument: 'HTTPS_PROXY', value: '***' } });
    expect(JSON.stringify(error) + String(error)).not.toContain('hidden-word');
  });

  it.each(['https://localhost/', 'https://127.0.0.2:5000/', 'https://[::1]/', 'https://a.localhost/'])(
    'is not on the way to this machine: %s',
    (url) => {
      expect(isProxied(url, '')).toBe(false);
    },
  );
});

describe('NO_PROXY', () => {
  it.each([
    ['registry.example.com', false],
    ['REGISTRY.example.com.', false],
    ['example.com', false],
    ['.example.com', false],
    ['*.example.com', false],
    ['other.example, example.com', false],
    ['other.example example.com', false],
    ['*', false],
    ['registry.example.com:443', false],
    ['example.com:443', false],
    ['registry.example.com:8443', true],
    ['ample.com', true],
    ['*.registry.example.com', true],
    ['registry.example.com.evil', true],
    ['', true],
  ])('%j decides for a name', (value, expected) => {
    expect(isProxied(REGISTRY.href, value)).toBe(expected);
  });

  it('counts in the spelling that says something, as the proxies do', () => {
    const url = new URL(REGISTRY.href);
    expect(proxyFor(url, { ...proxy, no_proxy: '', NO_PROXY: url.host })).toBeUndefined();
    expect(proxyFor(url, { ...proxy, no_proxy: 'other.example', NO_PROXY: url.host })).toBeDefined();
  });

  it.each([
    ['https://10.1.2.3/', '10.1.2.3', false],
    ['https://10.1.2.3:5000/', '10.1.2.3:5000', false],
    ['https://10.1.2.3:5000/', '10.1.2.3:443', true],
    ['https://10.1.2.3/', '10.1.0.0/16', false],
    ['https://10.2.2.3/', '10.1.0.0/16', true],
    ['https://10.1.2.3/', '10.1.0.0/99', true],
    ['https://10.1.2.3/', '2.3', true],
    ['https://[2001:db8::5]/', '2001:db8::5', false],
    ['https://[2001:db8::5]:5000/', '[2001:db8::5]:5000', false],
    ['https://[2001:db8::5]/', '2001:db8::/32', false],
    ['https://[2001:db9::5]/', '2001:db8::/32', true],
    ['https://[2001:db8::5]/', '10.0.0.0/8', true],
  ])('%s with %j', (url, value, expected) => {
    expect(isProxied(url, value)).toBe(expected);
  });
});
