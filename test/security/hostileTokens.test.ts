import { describe, expect, it } from 'vitest';
import { makeWorkspace } from '../cli/support/workspace.ts';
import { startRegistry } from '../support/registry/index.ts';
import { serve } from '../support/transportServer.ts';

/* What a registry and its token server send where sign-in is negotiated. */

const PASSWORD = 'p4ssw0rd/of+the=registry';

const CHALLENGES: Readonly<Record<string, string>> = {
  'none at all': '',
  'of a megabyte of commas': ','.repeat(12_000),
  'of ten thousand schemes': 'A '.repeat(7000),
  'of quotes that do not end': `Bearer realm="${'\\"'.repeat(6000)}`,
  'with a realm that is no address': 'Bearer realm="javascript:alert(1)",service="x"',
  'with a realm that is a file': 'Bearer realm="file:///etc/passwd",service="x"',
  'with a user in its realm': 'Bearer realm="http://user:pass@127.0.0.1:1/token",service="x"',
  'with the metadata service of a cloud as its realm':
    'Bearer realm="http://169.254.169.254/latest/meta-data",service="x"',
  'with the metadata service written as a number': 'Bearer realm="http://2852039166/latest/meta-data",service="x"',
  'of a scheme that nobody knows': 'Negotiate abcdef',
};

describe.each(Object.entries(CHALLENGES))('a challenge %s', (_, challenge) => {
  it('is refused, without a word of the password', async () => {
    await using workspace = await makeWorkspace();
    const seen: string[] = [];
    const server = await serve((request, response) => {
      seen.push(JSON.stringify(request.rawHeaders));
      response.writeHead(401, { 'www-authenticate': challenge, 'content-type': 'application/json' }).end('{}');
    });
    try {
      const env = {
        FLOE_REGISTRY_HOST: server.host,
        FLOE_REGISTRY_USERNAME: 'robot',
        FLOE_REGISTRY_PASSWORD: PASSWORD,
      };
      const { code, stderr } = await workspace.runIn(
        { env },
        'list',
        `${server.host}/team/orders`,
        '--max-attempts',
        '1',
      );
      expect([1, 2], stderr).toContain(code);
      expect(stderr.length).toBeLessThan(8000);
      expect(seen.join()).not.toContain(Buffer.from(`robot:${PASSWORD}`).toString('base64'));
    } finally {
      await server.close();
    }
  });
});

const TOKENS: Readonly<Record<string, string>> = {
  'with a line break in it': JSON.stringify({ token: 'a\r\nX-Evil: 1' }),
  'that is no text': JSON.stringify({ token: { a: 1 } }),
  'that is empty': JSON.stringify({ token: '' }),
  'with a null in it': JSON.stringify({ token: 'a\u0000b' }),
  'that is no JSON': '<html>sign in</html>',
  'of two megabytes': JSON.stringify({ token: 'a'.repeat(2 * 1024 * 1024) }),
  'in ten thousand lists': '['.repeat(10_000),
};

describe.each(Object.entries(TOKENS))('a token %s', (_, body) => {
  it('is not used', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry({ auth: { username: 'robot', password: PASSWORD, scheme: 'bearer' } });
    registry.fail({
      path: /^\/token/,
      fault: { kind: 'status', status: 200, headers: { 'content-type': 'application/json' }, body },
    });
    const env = {
      FLOE_REGISTRY_HOST: registry.host,
      FLOE_REGISTRY_USERNAME: 'robot',
      FLOE_REGISTRY_PASSWORD: PASSWORD,
    };
    const { code, stderr } = await workspace.runIn(
      { env },
      'list',
      `${registry.host}/team/orders`,
      '--max-attempts',
      '1',
    );
    expect(code, stderr).not.toBe(0);
    expect(stderr.length).toBeLessThan(4000);
    expect(registry.requests().filter(({ headers }) => headers['authorization']?.startsWith('Bearer'))).toEqual([]);
    expect(registry.requests().filter(({ headers }) => 'x-evil' in headers)).toEqual([]);
  });
});
