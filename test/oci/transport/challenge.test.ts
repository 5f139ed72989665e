import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerable, type Challenge, parseChallenges } from '../../../src/oci/transport/challenge.ts';

const bearer = (realm: string, service?: string, scopes: readonly string[] = [], error?: string): Challenge => ({
  scheme: 'bearer',
  realm,
  scopes,
  ...(service !== undefined && { service }),
  ...(error !== undefined && { error }),
});
const basic = (realm?: string): Challenge => ({ scheme: 'basic', ...(realm !== undefined && { realm }) });
const other = (name: string): Challenge => ({ scheme: 'other', name });

const TABLE: readonly (readonly [what: string, header: string | undefined, challenges: readonly Challenge[]])[] = [
  ['no header', undefined, []],
  ['an empty header', '', []],
  ['nothing but separators', ' , ,\t,', []],
  [
    'Bearer as distribution sends it',
    'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull"',
    [bearer('https://auth.example/token', 'registry.example', ['repository:a/b:pull'])],
  ],
  ['Basic', 'Basic realm="Registry Realm"', [basic('Registry Realm')]],
  ['Basic without realm', 'Basic', [basic()]],
  ['a scheme in lower case', 'bearer realm="https://a/t"', [bearer('https://a/t')]],
  ['a scheme in upper case', 'BASIC realm="x"', [basic('x')]],
  ['parameter names in any case', 'Bearer Realm="https://a/t",SERVICE="s"', [bearer('https://a/t', 's')]],
  ['an unquoted realm', 'basic realm=registry', [basic('registry')]],
  ['an unquoted realm with spaces', 'basic realm=my own registry', [basic('my own registry')]],
  [
    'an unquoted realm that is an address',
    'basic realm=https://a.example:5000/x?y=z',
    [basic('https://a.example:5000/x?y=z')],
  ],
  [
    'unquoted values one after the other',
    'Bearer realm=https://a/t,service=a.example:5000,scope=repository:a/b:pull',
    [bearer('https://a/t', 'a.example:5000', ['repository:a/b:pull'])],
  ],
  ['unquoted values without commas', 'Bearer realm=https://a/t service=s', [bearer('https://a/t', 's')]],
  ['quoted values without commas', 'Bearer realm="https://a/t" service="s"', [bearer('https://a/t', 's')]],
  ['spaces around what separates', 'Bearer  realm = "https://a/t" ,\tservice= "s"', [bearer('https://a/t', 's')]],
  [
    'commas and spaces inside quotes: two scopes in one parameter',
    'Bearer realm="https://a/t",scope="repository:a/b:pull,push repository:c/d:pull"',
    [bearer('https://a/t', undefined, ['repository:a/b:pull,push', 'repository:c/d:pull'])],
  ],
  ['escapes inside quotes', String.raw`Basic realm="the \"best\" \\ one"`, [basic(String.raw`the "best" \ one`)]],
  ['a quote that is not closed', 'Basic realm="open', [basic('open')]],
  ['a backslash at the end', 'Basic realm="open\\', [basic('open')]],
  [
    'schemes we cannot answer before one that we can',
    'Negotiate, NTLM, Basic realm="x"',
    [other('negotiate'), other('ntlm'), basic('x')],
  ],
  ['a token68 that looks like a parameter', 'Negotiate YII=, Basic realm="x"', [other('negotiate'), basic('x')]],
  [
    'Digest with many parameters',
    'Digest realm="d", qop="auth", nonce="n", Basic realm="x"',
    [other('digest'), basic('x')],
  ],
  ['two challenges in one line', 'Basic realm="x", Bearer realm="https://a/t"', [basic('x'), bearer('https://a/t')]],
  ['two challenges without comma', 'Basic realm="x" Bearer realm="https://a/t"', [basic('x'), bearer('https://a/t')]],
  [
    'scope before service before realm',
    'Bearer scope="s:t:u",service="s",realm="https://a/t"',
    [bearer('https://a/t', 's', ['s:t:u'])],
  ],
  ['neither service nor scope', 'Bearer realm="https://a/t"', [bearer('https://a/t')]],
  ['an empty scope', 'bearer realm="https://a/t",service="zot",scope=""', [bearer('https://a/t', 'zot')]],
  ['an empty service', 'Bearer realm="https://a/t",service=""', [bearer('https://a/t')]],
  [
    'several scope parameters',
    'Bearer realm="https://a/t",scope="x:a:pull",scope="x:b:pull x:a:pull"',
    [bearer('https://a/t', undefined, ['x:a:pull', 'x:b:pull'])],
  ],
  ['a realm given twice: the first counts', 'Bearer realm="https://a/t",realm="https://b/t"', [bearer('https://a/t')]],
  ['a relative realm', 'Bearer realm="/service/token",service="s"', [bearer('/service/token', 's')]],
  ['Bearer without realm', 'Bearer service="s"', []],
  [
    'an error after the scope',
    'Bearer realm="https://a/t",service="s",scope="repository:a/b:pull",error="invalid_token"',
    [bearer('https://a/t', 's', ['repository:a/b:pull'], 'invalid_token')],
  ],
  [
    'insufficient scope',
    'Bearer realm="https://a/t",scope="repository:a/b:push",error="insufficient_scope",error_description="a, b"',
    [bearer('https://a/t', undefined, ['repository:a/b:push'], 'insufficient_scope')],
  ],
  [
    'the scope of ECR Public',
    'Bearer realm="https://public.ecr.aws/token/",service="public.ecr.aws",scope="aws"',
    [bearer('https://public.ecr.aws/token/', 'public.ecr.aws', ['aws'])],
  ],
  [
    'Basic of ECR, with a service',
    'Basic realm="https://1.dkr.ecr.eu-west-1.amazonaws.com/",service="ecr.amazonaws.com"',
    [basic('https://1.dkr.ecr.eu-west-1.amazonaws.com/')],
  ],
  ['Basic of Harbor', 'Basic realm="harbor"', [basic('harbor')]],
  ['parameters without a scheme', 'realm="x", Basic realm="y"', [basic('y')]],
  ['what is no token, up to the next comma', '"nonsense" = (1), Basic realm="y"', [basic('y')]],
  [
    'a realm that names other schemes',
    'Basic realm="Bearer realm=https://evil/"',
    [basic('Bearer realm=https://evil/')],
  ],
];

describe('a WWW-Authenticate header', () => {
  it.each(TABLE)('is read: %s', (_, header, challenges) => {
    expect(parseChallenges(header)).toEqual(challenges);
  });

  it('is read whatever it is, and quickly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (header) => {
        for (const { scheme } of parseChallenges(header)) expect(['bearer', 'basic', 'other']).toContain(scheme);
      }),
    );
    for (const hostile of [' ', ',', '=', '"', 'a=', 'a ', 'Basic realm=a ', '\\"']) {
      expect(parseChallenges(`Basic realm=${hostile.repeat(100_000)}`).length).toBeLessThan(10_000);
    }
  });

  it('gives back the realm that it was made from', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom('Basic', 'bearer'), (realm, scheme) => {
        const quoted = realm.replace(/["\\]/g, (char) => `\\${char}`);
        expect(parseChallenges(`${scheme} realm="${quoted}", x="y"`)).toEqual([
          expect.objectContaining({ scheme: scheme.toLowerCase(), realm }),
        ]);
      }),
    );
  });
});

describe('the challenge to answer', () => {
  it('is Bearer before Basic, whatever comes first', () => {
    expect(answerable([basic('x'), other('digest'), bearer('https://a/t')])).toEqual(bearer('https://a/t'));
  });

  it('is Basic when there is no Bearer', () => {
    expect(answerable([other('negotiate'), basic('x')])).toEqual(basic('x'));
  });

  it('is none when there is none that we can answer', () => {
    expect(answerable([other('negotiate')])).toBeUndefined();
    expect(answerable([])).toBeUndefined();
  });
});
