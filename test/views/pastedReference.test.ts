import { expect, it } from 'vitest';
import { parsePasted } from '../../src/views/pastedReference.ts';
import { failure } from '../support/failure.ts';

const R = 'ghcr.io';
const digest = `sha256:${'a'.repeat(64)}`;

it.each([
  ['team/product', { repository: 'team/product' }],
  ['  product ', { repository: 'product' }],
  ['team/product:1.2.0', { repository: 'team/product', tag: '1.2.0' }],
  [`ghcr.io/team/product@${digest}`, { repository: 'team/product', digest }],
  ['oci://ghcr.io/team/product:1.2.0', { repository: 'team/product', tag: '1.2.0' }],
  ['https://ghcr.io/team/product', { repository: 'team/product' }],
  ['docker pull ghcr.io/team/product:1.2.0', { repository: 'team/product', tag: '1.2.0' }],
  ['$ docker image pull --platform linux/amd64 ghcr.io/team/product', { repository: 'team/product' }],
  ['oras pull -o ./out ghcr.io/team/product:1', { repository: 'team/product', tag: '1' }],
  ['helm pull oci://ghcr.io/charts/app --version 1.2.0', { repository: 'charts/app' }],
])('%s names what is in the registry', (text, expected) => {
  expect(parsePasted(text, R)).toEqual({ kind: 'registry', registry: R, ...expected });
});

it('a line of docker without a registry is about Docker Hub', () => {
  expect(parsePasted('docker pull nginx:1', 'docker.io')).toMatchObject({ repository: 'library/nginx', tag: '1' });
  expect(() => parsePasted('docker pull nginx', R)).toThrow(failure('INVALID_REFERENCE', { part: 'registry' }));
});

it.each(['quay.io/team/product', 'oci://localhost:5000/x', 'docker pull quay.io/a/b'])(
  '%s is in another registry',
  (text) => {
    expect(() => parsePasted(text, R)).toThrow(failure('INVALID_REFERENCE', { part: 'registry' }));
  },
);

it.each(['', 'Team/Product', 'team//x', 'docker pull'])('"%s" names nothing', (text) => {
  expect(() => parsePasted(text, R)).toThrow(failure('INVALID_REFERENCE'));
});
