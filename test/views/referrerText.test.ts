import { expect, it } from 'vitest';
import { countReferrers, nameReferrers } from '../../src/views/referrerText.ts';

it('what refers to an artifact is counted by kind, in the order in which people look at them', () => {
  const sbom = { artifactType: 'application/spdx+json' };
  const signature = { artifactType: 'application/vnd.cncf.notary.signature' };
  expect(countReferrers([sbom, signature, signature, {}])).toBe('2 signatures, 1 SBOM, 1 other artifact');
  expect(countReferrers([])).toBe('');
});

it.each([
  ['signature', '1 signature', '2 signatures'],
  ['sbom', '1 SBOM', '2 SBOMs'],
  ['attestation', '1 attestation', '2 attestations'],
  ['other', '1 other artifact', '2 other artifacts'],
] as const)('one %s is %s, two are %s', (kind, one, two) => {
  expect([nameReferrers(kind, 1), nameReferrers(kind, 2)]).toEqual([one, two]);
});
