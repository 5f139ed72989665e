import { expect, it } from 'vitest';
import { parseRegistryUrl } from '../../src/views/registryUrl.ts';
import { failure } from '../support/failure.ts';

it.each([
  ['ghcr.io', 'ghcr.io'],
  ['  GHCR.io/ ', 'ghcr.io'],
  ['localhost', 'localhost'],
  ['localhost:5000', 'localhost:5000'],
  ['https://registry.example.com:8443/', 'registry.example.com:8443'],
  ['http://127.0.0.1:5000/v2/', '127.0.0.1:5000'],
  ['[::1]:5000', '[::1]:5000'],
  ['index.docker.io', 'docker.io'],
  ['oci://ghcr.io', 'ghcr.io'],
])('%s is the registry %s', (text, registry) => {
  expect(parseRegistryUrl(text)).toEqual({ registry });
});

it.each([
  ['ghcr.io/acme/app', 'acme/app'],
  ['oci://ghcr.io/acme/app:1.2.0', 'acme/app'],
  [`https://ghcr.io/acme/app@sha256:${'0'.repeat(64)}`, 'acme/app'],
])('%s names a repository too', (text, repository) => {
  expect(parseRegistryUrl(text)).toEqual({ registry: 'ghcr.io', repository });
});

it.each(['', '   ', 'https://', 'not a host', 'ghcr.io:99999', 'ftp://ghcr.io', 'ghcr.io/Acme'])(
  '%j is refused',
  (text) => {
    expect(() => parseRegistryUrl(text)).toThrow(failure('INVALID_REFERENCE'));
  },
);
