import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOciError } from '../../../src/oci/errors.ts';
import type { Digest } from '../../../src/oci/spec/digest.ts';
import {
  formatReference,
  isLoopbackRegistry,
  parseReference,
  parseRegistryHost,
  type Reference,
} from '../../../src/oci/spec/reference.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { parseTag } from '../../../src/oci/spec/tag.ts';
import { failure } from '../../support/failure.ts';
import { digests, registries, repositoryNames, tags } from './arbitraries.ts';

const DIGEST = `sha256:${'0'.repeat(64)}` as Digest;

const identity = fc.record({ tag: tags.map(parseTag), digest: digests }, { requiredKeys: [] });

/** Folders that no part of could be taken for a tag or a digest: they end with a separator or hold no `:` and `@`. */
const paths = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...'aZ0 .:@%é/\\~-'.split('')), maxLength: 12 }),
    fc.constantFrom('/', '\\', '/app', '\\app', '/../x y', '/a.b'),
  )
  .map((parts) => parts.join(''));

describe('a reference to a registry', () => {
  it('is read back from what is written, with and without oci://', () => {
    fc.assert(
      fc.property(registries, repositoryNames, identity, (registry, name, { tag, digest }) => {
        const reference: Reference = {
          kind: 'registry',
          registry,
          repository: parseRepositoryName(name),
          ...(tag && { tag }),
          ...(digest && { digest }),
        };
        const text = formatReference(reference);
        expect(parseReference(text)).toEqual(reference);
        expect(parseReference(text.slice('oci://'.length))).toEqual(reference);
      }),
    );
  });

  it.each([
    ['oci://ghcr.io/acme/app', { registry: 'ghcr.io', repository: 'acme/app' }],
    ['oci://GHCR.io:443/acme/app:V1', { registry: 'ghcr.io:443', repository: 'acme/app', tag: 'V1' }],
    ['localhost/app:1', { registry: 'localhost', repository: 'app', tag: '1' }],
    ['localhost:5000/a/b/c', { registry: 'localhost:5000', repository: 'a/b/c' }],
    ['oci://registry/app', { registry: 'registry', repository: 'app' }],
    ['[::1]:5000/app:1', { registry: '[::1]:5000', repository: 'app', tag: '1' }],
    ['oci://[2001:DB8::1]/app', { registry: '[2001:db8::1]', repository: 'app' }],
    ['127.0.0.2:80/app', { registry: '127.0.0.2:80', repository: 'app' }],
    [`ghcr.io/app:1@${DIGEST}`, { registry: 'ghcr.io', repository: 'app', tag: '1', digest: DIGEST }],
    [`ghcr.io/app@${DIGEST}`, { registry: 'ghcr.io', repository: 'app', digest: DIGEST }],
    ['docker.io/alpine:3', { registry: 'docker.io', repository: 'library/alpine', tag: '3' }],
    ['index.docker.io/acme/app', { registry: 'docker.io', repository: 'acme/app' }],
    ['oci://registry-1.docker.io/alpine', { registry: 'docker.io', repository: 'library/alpine' }],
    ['oci://evil-docker.io/alpine', { registry: 'evil-docker.io', repository: 'alpine' }],
    ['docker.io.example/alpine', { registry: 'docker.io.example', repository: 'alpine' }],
  ])('is understood: %s', (text, expected) => {
    expect(parseReference(text)).toStrictEqual({ kind: 'registry', ...expected });
  });

  it.each([
    ['', 'registry'],
    ['alpine', 'registry'],
    ['acme/app:1', 'registry'],
    ['oci://', 'registry'],
    ['oci:///app', 'registry'],
    ['oci://a', 'repository'],
    ['oci://ghcr.io', 'repository'],
    ['oci://ghcr.io/', 'repository'],
    ['localhost:5000', 'repository'],
    ['https://ghcr.io/app', 'scheme'],
    ['OCI://ghcr.io/app', 'scheme'],
    [' oci://ghcr.io/app', 'scheme'],
    ['oci://-ghcr.io/app', 'registry'],
    ['oci://ghcr..io/app', 'registry'],
    ['oci://ghcr.io./app', 'registry'],
    ['oci://ghcr_io/app', 'registry'],
    ['oci://ghcr.io:0/app', 'registry'],
    ['oci://ghcr.io:0443/app', 'registry'],
    ['oci://ghcr.io:65536/app', 'registry'],
    ['oci://ghcr.io:99999999999999999999/app', 'registry'],
    ['oci://ghcr.io:/app', 'registry'],
    ['oci://ghcr.io:80:80/app', 'registry'],
    ['oci://ghcr.io\n/app', 'registry'],
    ['oci://ghcr.io:80\n/app', 'registry'],
    ['oci://ghcr\t.io/app', 'registry'],
    ['oci://ghcr.io%2Fapp/x', 'registry'],
    ['oci://ghcr.io?x/app', 'registry'],
    ['oci://256.1.1.1/app', 'registry'],
    ['oci://::1/app', 'registry'],
    ['oci://[::1/app', 'registry'],
    ['oci://[::1%25eth0]/app', 'registry'],
    ['oci://[:::]/app', 'registry'],
    ['oci://[::1]x/app', 'registry'],
    ['oci://doc\u212aer.io/app', 'registry'],
    ['oci://ghçr.io/app', 'registry'],
    ['oci://ghcr.io/App', 'repository'],
    ['oci://ghcr.io//app', 'repository'],
    ['oci://ghcr.io/app/', 'repository'],
    ['oci://ghcr.io/../app', 'repository'],
    ['oci://ghcr.io/acme%2Fapp', 'repository'],
    ['oci://ghcr.io/acme%2Fapp:1', 'repository'],
    ['oci://ghcr.io/a\tb', 'repository'],
    ['oci://ghcr.io/app\n', 'repository'],
    ['oci://ghcr.io/acme\\app', 'repository'],
    ['oci://ghcr.io/app:1/x', 'repository'],
    ['oci://ghcr.io/app?x=1', 'repository'],
    ['docker.io/Alpine', 'repository'],
    ['oci://ghcr.io/app:', 'tag'],
    ['oci://ghcr.io/app:a b', 'tag'],
    ['oci://ghcr.io/app:1\n', 'tag'],
    ['oci://ghcr.io/app:1%2F2', 'tag'],
    ['oci://ghcr.io/app:.1', 'tag'],
    ['oci://ghcr.io/app@', 'digest'],
    ['oci://ghcr.io/app@latest', 'digest'],
    [`oci://ghcr.io/app@${DIGEST}\n`, 'digest'],
    [`oci://ghcr.io/app@${DIGEST}:1`, 'digest'],
    [`oci://ghcr.io/app@${DIGEST.toUpperCase()}`, 'digest'],
    [`oci://ghcr.io/app:@${DIGEST}`, 'tag'],
  ])('is not %j, because of its %s', (text, part) => {
    expect(() => parseReference(text)).toThrow(failure('INVALID_REFERENCE', { part }));
  });

  it.each(['oci://ghcr.io', 'oci://ghcr.io/'])('is told to name a repository: %s', (text) => {
    const accepted = 'a repository after the host, such as team/product';
    expect(() => parseReference(text)).toThrow(failure('INVALID_REFERENCE', { accepted }));
  });

  it('is refused with an error of ours or accepted, whatever the text', () => {
    const unit = fc.oneof(
      fc.constantFrom(...'a0.:/@[]%\\-_\n\t '.split('')),
      fc.string({ minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.constantFrom('', 'oci://', 'layout:'), fc.string({ unit, maxLength: 20 }), (scheme, text) => {
        try {
          const reference = parseReference(scheme + text);
          expect(parseReference(formatReference(reference))).toEqual(reference);
        } catch (error) {
          expect(isOciError(error, 'INVALID_REFERENCE')).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    'oci://me:pa55word@ghcr.io/app',
    'https://me:pa55word@ghcr.io/app',
    'me:pa55word@ghcr.io/app',
    'me:pa55word@ghcr.io',
  ])('never repeats a password that was typed into it: %s', (text) => {
    let message = '';
    try {
      parseReference(text);
    } catch (error) {
      message = JSON.stringify(error) + String(error);
    }
    expect(message).toContain('ghcr.io');
    expect(message).not.toContain('pa55word');
  });

  it('is quoted whole where it is wrong behind the host: an @ there is no password', () => {
    const input = 'oci://ghcr.io/app@latest';
    expect(() => parseReference(input)).toThrow(failure('INVALID_REFERENCE', { input }));
  });
});

describe('a reference to a layout', () => {
  it('is read back from what is written', () => {
    fc.assert(
      fc.property(paths, identity, (path, { tag, digest }) => {
        const reference: Reference = { kind: 'layout', path, ...(tag && { tag }), ...(digest && { digest }) };
        expect(parseReference(formatReference(reference))).toEqual(reference);
      }),
    );
  });

  it.each([
    ['layout:/backup/app', { path: '/backup/app' }],
    ['layout:/backup/app:1.0', { path: '/backup/app', tag: '1.0' }],
    ['layout:.', { path: '.' }],
    ['layout:app:1', { path: 'app', tag: '1' }],
    ['layout:../a b/ü:1', { path: '../a b/ü', tag: '1' }],
    ['layout:/a:b/c', { path: '/a:b/c' }],
    ['layout:/a:b/', { path: '/a:b/' }],
    ['layout:/me@work/app', { path: '/me@work/app' }],
    ['layout:C:\\layouts\\app', { path: 'C:\\layouts\\app' }],
    ['layout:C:\\layouts\\app:1', { path: 'C:\\layouts\\app', tag: '1' }],
    ['layout:C:/layouts/app:1', { path: 'C:/layouts/app', tag: '1' }],
    ['layout:\\\\server\\share\\app:1', { path: '\\\\server\\share\\app', tag: '1' }],
    ['layout:/a%2Fb', { path: '/a%2Fb' }],
    [`layout:/app@${DIGEST}`, { path: '/app', digest: DIGEST }],
    [`layout:/app:1@${DIGEST}`, { path: '/app', tag: '1', digest: DIGEST }],
    [`layout:C:\\app@${DIGEST}`, { path: 'C:\\app', digest: DIGEST }],
  ])('is understood: %s', (text, expected) => {
    expect(parseReference(text)).toStrictEqual({ kind: 'layout', ...expected });
  });

  it.each([
    ['layout:', 'path'],
    ['layout::1', 'path'],
    [`layout:@${DIGEST}`, 'path'],
    ['layout:/a\0b', 'path'],
    ['layout:/a\nb', 'path'],
    ['layout:/a\tb', 'path'],
    ['layout:/app:', 'tag'],
    ['layout:/app:a b', 'tag'],
    ['layout:/app:1\n', 'tag'],
    ['layout:C:', 'tag'],
    ['layout:/app@1', 'digest'],
  ])('is not %j, because of its %s', (text, part) => {
    expect(() => parseReference(text)).toThrow(failure('INVALID_REFERENCE', { part }));
  });

  it('is quoted whole where it is wrong: an @ in it is no password', () => {
    const input = 'layout:me@work:';
    expect(() => parseReference(input)).toThrow(failure('INVALID_REFERENCE', { input }));
  });
});

describe('the host of a registry', () => {
  it('is in lower case, and Docker Hub has one name', () => {
    expect(parseRegistryHost('GHCR.IO:443')).toBe('ghcr.io:443');
    expect(parseRegistryHost('Registry-1.Docker.IO')).toBe('docker.io');
    expect(parseRegistryHost('docker.io:5000')).toBe('docker.io:5000');
  });

  it.each(['localhost', 'localhost:5000', '127.0.0.1', '127.255.0.1:80', '[::1]', '[::1]:80'])(
    'is here: %s',
    (host) => {
      expect(isLoopbackRegistry(host)).toBe(true);
    },
  );

  it.each([
    'localhost.evil.test',
    '127.0.0.1.evil.test',
    '128.0.0.1',
    '[::2]',
    'notlocalhost',
    '0.0.0.0',
    '10.127.0.1',
    'evil.127.0.0.1',
    '127.0.0.1000',
  ])('is elsewhere: %s', (host) => {
    expect(isLoopbackRegistry(host)).toBe(false);
  });
});
