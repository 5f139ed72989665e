import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotable, redactHeaders, redactText, redactUrl } from '../../../src/oci/transport/redact.ts';
import { noteAuthorization, noteSent, withoutSent } from '../../../src/oci/transport/sentSecrets.ts';

const SECRET = 'hunter2hunter2';

describe('a redacted address', () => {
  it.each([
    ['https://r.example/v2/a/b/manifests/1', 'https://r.example/v2/a/b/manifests/1'],
    [`https://user:${SECRET}@r.example/`, 'https://r.example/'],
    [`https://r.example/x#${SECRET}`, 'https://r.example/x'],
    ['https://r.example/v2/a/b/tags/list?n=100&last=v1', 'https://r.example/v2/a/b/tags/list?n=100&last=v1'],
    ['https://r.example/t?scope=repository:a/b:pull', 'https://r.example/t?scope=repository:a/b:pull'],
    [
      `https://s.example/b?X-Amz-Signature=${SECRET}&digest=sha256:0`,
      'https://s.example/b?X-Amz-Signature=***&digest=sha256:0',
    ],
    [`https://r.example/u?_state=${SECRET}==&n=1`, 'https://r.example/u?_state=***&n=1'],
    [`https://r.example/u?${SECRET}`, 'https://r.example/u?***'],
    [
      `https://r.example/u?from=https%3A%2F%2Fu%3A${SECRET}%40s.example`,
      'https://r.example/u?from=https%3A%2F%2Fs.example',
    ],
    [`https://r.example/u?Digest=${SECRET}`, 'https://r.example/u?Digest=***'],
    ['https://r.example/u?', 'https://r.example/u'],
    [`//${SECRET}`, '(not a URL)'],
    [`user:${SECRET}@proxy.example:8080`, '(not a URL)'],
  ])('%s is %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  it('never shows the value of an unknown key', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.stringMatching(/^[A-Za-z]{1,8}_$/), (url, key) => {
        const made = new URL(url);
        made.username = SECRET;
        made.searchParams.set(key, SECRET);
        expect(redactUrl(made)).not.toContain(SECRET);
      }),
    );
  });
});

describe('redacted headers', () => {
  it('keep what is known to be harmless', () => {
    const headers = { accept: 'a/b', range: 'bytes=0-1', 'docker-content-digest': 'sha256:0', 'retry-after': '3' };
    expect(redactHeaders(headers)).toEqual(headers);
    expect(redactHeaders(new Map(Object.entries(headers)))).toEqual(headers);
  });

  it.each([
    ['authorization', `Bearer ${SECRET}`, 'Bearer ***'],
    ['Authorization', `Basic ${SECRET}`, 'Basic ***'],
    ['authorization', SECRET, '***'],
    ['proxy-authorization', `Basic ${SECRET}`, 'Basic ***'],
    ['cookie', `sid=${SECRET}`, '***'],
    ['set-cookie', `sid=${SECRET}`, '***'],
    ['x-api-key', SECRET, '***'],
    ['location', `https://s.example/b?sig=${SECRET}`, 'https://s.example/b?sig=***'],
    ['location', `/v2/a/blobs/uploads/1?_state=${SECRET}`, '/v2/a/blobs/uploads/1?_state=***'],
    ['location', '/v2/a/blobs/uploads/1', '/v2/a/blobs/uploads/1'],
    ['link', `</v2/a?next=${SECRET}&n=3>; rel="next"`, '</v2/a?next=***&n=3>; rel="next"'],
    ['www-authenticate', `Bearer realm="/t?key=${SECRET}",service="s"`, 'Bearer realm="/t?key=***",service="s"'],
    ['link', `<https://r.example/v2/a?next=${SECRET}>; rel="next"`, '<https://r.example/v2/a?next=***>; rel="next"'],
    [
      'www-authenticate',
      `Bearer realm="https://a.example/t?key=${SECRET}",service="s"`,
      'Bearer realm="https://a.example/t?key=***",service="s"',
    ],
  ])('%s: %s is shown as %s', (name, value, shown) => {
    expect(redactHeaders({ [name]: value })).toEqual({ [name]: shown });
  });
});

describe('a redacted text', () => {
  it.each([
    [`GET https://u:${SECRET}@r.example/x?sig=${SECRET} failed`, 'GET https://r.example/x?sig=*** failed'],
    [`sent Authorization: Bearer ${SECRET}.x`, 'sent Authorization: Bearer ***'],
    ['the token eyJhbGciOi.eyJzdWIi.c2ln is old', 'the token *** is old'],
    ['Basic access is fine', 'Basic access is fine'],
    [
      `see https://u:${SECRET}@r.example:1: it failed (https://r.example/?a=${SECRET}).`,
      'see https://r.example:1/: it failed (https://r.example/?a=***).',
    ],
    [`{"Token":"${SECRET}", "expires_in":3}`, '{"Token":"***", "expires_in":3}'],
    [`{"REFRESH_TOKEN" : "${SECRET}\\n${SECRET}"}`, '{"REFRESH_TOKEN" : "***"}'],
    [`said: "{\\"access_token\\":\\"${SECRET}\\"}"`, 'said: "{\\"access_token\\":\\"***\\"}"'],
    [`{"SecretAccessKey":"${SECRET}","SessionToken":"${SECRET}"}`, '{"SecretAccessKey":"***","SessionToken":"***"}'],
    [`grant_type=refresh_token&refresh_token=${SECRET}&scope=a`, 'grant_type=refresh_token&refresh_token=***&scope=a'],
    [`password=${SECRET}, user=me`, 'password=***, user=me'],
    ['{"authorization":"Basic ***","cookie":"***"}', '{"authorization":"Basic ***","cookie":"***"}'],
    [`Set-Cookie: session=${SECRET}; Path=/`, 'Set-Cookie: ***'],
    ['the key AKIAIOSFODNN7EXAMPLE is not known', 'the key *** is not known'],
    [`oci://u:${SECRET}@r.example/a:1 is no reference`, 'oci://r.example/a:1 is no reference'],
    ['oci://r.example/a@sha256:0 is one', 'oci://r.example/a@sha256:0 is one'],
    ['refused: ghp_0123456789abcdefghij0123456789abcdef', 'refused: ***'],
    ['refused: glpat-0123456789abcdefghij', 'refused: ***'],
    [`{"auths":{"r":{"auth":"${SECRET}"}}}`, '{"auths":{"r":{"auth":"***"}}}'],
    [`said {'token': '${SECRET}', 'a': 'b'}`, "said {'token': '***', 'a': 'b'}"],
    [`password='${SECRET} ${SECRET}' was wrong`, "password='***' was wrong"],
    [`password="${SECRET} ${SECRET}" was wrong`, 'password="***" was wrong'],
    [`{"password":"${SECRET}\\" ${SECRET}","a":1}`, '{"password":"***","a":1}'],
    [`"{\\"password\\":\\"${SECRET}\\\\\\" ${SECRET}\\",\\"a\\":1}"`, '"{\\"password\\":\\"***\\",\\"a\\":1}"'],
    ['{"password":12345678,"token":null}', '{"password":***,"token":null}'],
    [`secret = ${SECRET}`, 'secret = ***'],
    [`got X-Registry-Auth: ${SECRET} from you`, 'got X-Registry-Auth: *** from you'],
    [`got X-JFrog-Art-Api: ${SECRET}`, 'got X-JFrog-Art-Api: ***'],
    [`got Private-Token: ${SECRET}`, 'got Private-Token: ***'],
    [`Docker-RateLimit-Source: 192.0.2.7`, 'Docker-RateLimit-Source: ***'],
    [`Authorization: Custom ${SECRET} ${SECRET}`, 'Authorization: ***'],
    [`a${'b'.repeat(90)}_token=${SECRET}`, `a${'b'.repeat(90)}_token=***`],
    [`?from=https%3A%2F%2Fu%3A${SECRET}%40r.example%2Fa`, '?from=https%3A%2F%2Fr.example%2Fa'],
    [`https%253A%252F%252Fu:${SECRET}%2540r.example`, 'https%253A%252F%252Fr.example'],
    [`https:\\/\\/u:${SECRET}@r.example`, 'https:\\/\\/r.example'],
    ['oci://r.example/team/token-service:v1.0 is there', 'oci://r.example/team/token-service:v1.0 is there'],
    ['{"authors":"Ann","tokens":{"a":"b"}}', '{"authors":"Ann","tokens":{"a":"b"}}'],
    ['the token has expired; error="invalid_token"', 'the token has expired; error="invalid_token"'],
    ['{"message":"authentication required"}', '{"message":"authentication required"}'],
  ])('%s is %s', (text, shown) => {
    expect(redactText(text)).toBe(shown);
  });

  it.each([
    'x-a ',
    'authorization:',
    '%3A%2F%2F',
    'auth\\',
    "token='",
    'token=',
    'a',
    '-',
    '"',
    '\\"',
    'token',
    'http://',
    '"token":"',
    'eyJ',
    '.',
  ])('takes no longer than it is long, whatever a registry sends: %s', (piece) => {
    const text = piece.repeat(65_536 / piece.length);
    // A pattern that tries every start with every end would be ended by the time limit of the test.
    expect(redactText(text).length).toBeGreaterThan(0);
  });

  it('fits on one line of a terminal when quoted', () => {
    expect(quotable('a\r\nb\u001b[31m\u202ec\u0000')).toBe('a b [31m c');
    expect(quotable('x'.repeat(1000))).toHaveLength(301);
  });
});

describe('what was sent as a secret', () => {
  it('is hidden wherever it is repeated, and however it is spelled', () => {
    noteAuthorization(`Basic ${Buffer.from(`ann:päss/word+1 "x"`).toString('base64')}`);
    noteAuthorization('Bearer opaque-token-1');
    const password = 'päss/word+1 "x"';
    const spelled = [
      password,
      encodeURIComponent(password),
      new URLSearchParams({ s: password }).toString().slice(2),
      JSON.stringify(password).slice(1, -1),
      Buffer.from(password).toString('hex'),
      'opaque-token-1',
    ];
    for (const text of spelled) expect(redactText(`it was ${text}!`)).toBe('it was ***!');
    expect(redactText(Buffer.from(`ab${password}cd`).toString('base64'))).toMatch(/^.{1,5}\*\*\*.{1,5}$/);
    expect(redactHeaders({ server: 'opaque-token-1', 'opaque-token-1': 'x' })).toEqual({ server: '***', '***': '***' });
    expect(redactUrl('https://r.example/v2/%6Fpaque-token-1?last=%6Fpaque-token-1&n=1')).toBe(
      'https://r.example/***?last=***&n=1',
    );
  });

  it('is a word like any other where it is short', () => {
    noteSent('docker');
    expect(withoutSent('docker.io')).toBe('docker.io');
  });

  it('is forgotten after many others', () => {
    noteSent('the-first-one');
    for (let at = 0; at < 63; at++) noteSent(`another-one-${at}`);
    noteSent('the-first-one');
    noteSent('the-last-one');
    expect(withoutSent('the-first-one another-one-0 another-one-9')).toBe('*** another-one-0 ***');
  });
});
