import { describe, expect, it } from 'vitest';
import { checkHop, type Hop, isRegistryUrl } from '../../../src/oci/transport/origin.ts';

const HOPS: readonly Hop[] = ['redirect', 'location', 'link', 'realm'];

const check = (hop: Hop, from: string, to: string): boolean =>
  checkHop(hop, new URL(from), new URL(to, from)).sameOrigin;

describe('every hop', () => {
  it.each(HOPS)('%s: stays on its origin, however the address is written', (hop) => {
    expect(check(hop, 'https://r.example/v2/', '/v2/next?x=1')).toBe(true);
    expect(check(hop, 'https://r.example/v2/', 'https://R.example:443/else')).toBe(true);
    expect(check(hop, 'http://localhost:5000/v2/', 'http://localhost:5000/token')).toBe(true);
  });

  it.each(HOPS)('%s: never goes from https to http', (hop) => {
    expect(() => check(hop, 'https://r.example/', 'http://r.example/')).toThrow(refusal);
    expect(() => check(hop, 'https://r.example/', 'http://s.example/')).toThrow(refusal);
  });

  it.each(HOPS)('%s: goes to http and https only', (hop) => {
    for (const to of ['file:///etc/passwd', 'ftp://r.example/', 'data:,x', 'javascript:1']) {
      expect(() => check(hop, 'https://r.example/', to)).toThrow(refusal);
    }
  });

  it.each(HOPS)('%s: goes nowhere with user information', (hop) => {
    expect(() => check(hop, 'https://r.example/', 'https://r.example@evil.example/')).toThrow(refusal);
    expect(() => check(hop, 'https://r.example/', 'https://:p@r.example/')).toThrow(refusal);
  });

  it.each(HOPS)('%s: does not lead from another host to this machine', (hop) => {
    for (const host of ['localhost', '127.0.0.1', '[::1]', '0.0.0.0', '[::ffff:127.0.0.1]', '169.254.169.254']) {
      expect(() => check(hop, 'https://r.example/', `https://${host}/`), host).toThrow(refusal);
    }
  });

  it.each(HOPS)('%s: does not lead to where clouds keep identities, not even from this machine', (hop) => {
    for (const host of ['169.254.169.254', '169.254.170.2', '[fd00:ec2::254]', '[fe80::1]', '100.100.100.200']) {
      for (const from of ['http://127.0.0.1:5000/', 'http://localhost:5000/', 'http://10.0.0.7/']) {
        expect(() => check(hop, from, `http://${host}/token`), host).toThrow(refusal);
      }
    }
  });
});

describe('an origin is scheme, host and port', () => {
  it.each([
    ['https://r.example/', 'https://r.example:8443/'],
    ['https://r.example/', 'https://s.r.example/'],
    ['http://r.example/', 'https://r.example/'],
    ['http://127.0.0.1:5000/', 'http://127.0.0.1:5001/'],
    ['http://127.0.0.1:5000/', 'http://localhost:5000/'],
    ['https://harbor.corp/', 'https://10.0.0.7/storage'],
    ['http://169.254.1.1:5000/', 'http://169.254.1.2:5000/'],
  ])('%s and %s are two, and a redirect may go there without what belongs to the first', (from, to) => {
    expect(check('redirect', from, to)).toBe(false);
    expect(check('location', from, to)).toBe(false);
    expect(check('realm', from, to)).toBe(false);
    expect(() => check('link', from, to)).toThrow(refusal);
  });
});

it('a refusal names both ends, and no secret', () => {
  const from = new URL('https://r.example/x?sig=hunter2');
  const to = new URL('http://user:hunter2@s.example/y?sig=hunter2');
  expect(() => checkHop('redirect', from, to)).toThrow(
    expect.objectContaining({
      code: 'REDIRECT_REFUSED',
      message: expect.not.stringContaining('hunter2'),
      details: expect.objectContaining({ from: 'https://r.example/x?sig=***', to: 'http://s.example/y?sig=***' }),
    }),
  );
});

const refusal = expect.objectContaining({ code: 'REDIRECT_REFUSED' });

describe('the registry itself', () => {
  it.each([
    ['ghcr.io', 'https://ghcr.io/v2/'],
    ['ghcr.io:443', 'https://ghcr.io/v2/'],
    ['localhost:80', 'http://localhost/v2/'],
    ['[::1]:5000', 'http://[::1]:5000/v2/'],
    ['docker.io', 'https://registry-1.docker.io/v2/'],
    ['docker.io', 'https://index.docker.io/v2/'],
  ])('%s is at %s', (registry, url) => {
    expect(isRegistryUrl(registry, new URL(url))).toBe(true);
  });

  it.each([
    ['ghcr.io', 'https://ghcr.io:8443/v2/'],
    ['ghcr.io', 'https://ghcr.io.evil.example/v2/'],
    ['ghcr.io', 'https://xghcr.io/v2/'],
    ['docker.io', 'https://auth.docker.io/token'],
    ['docker.io', 'https://evil-docker.io/v2/'],
    ['localhost:5000', 'http://127.0.0.1:5000/v2/'],
    ['r.example', 'https://a_bucket.s3.example/'],
  ])('%s is not at %s', (registry, url) => {
    expect(isRegistryUrl(registry, new URL(url))).toBe(false);
  });
});
