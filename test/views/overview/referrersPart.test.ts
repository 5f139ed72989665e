import { describe, expect, it } from 'vitest';
import type { FoundSignature } from '../../../src/floe/findSignatures.ts';
import { referrersPart, signatureStatus } from '../../../src/views/overview/referrersPart.ts';
import { Targets } from '../../../src/views/overview/targets.ts';
import { blob, imageManifest } from '../../support/artifacts.ts';

const { digest } = blob(1).descriptor;
const signature: FoundSignature = {
  kind: 'annotations',
  digest,
  artifactType: null,
  claims: { subject: 'mallory@example.com', issuer: 'https://idp', signedAt: null },
};

describe('the status of a signature', () => {
  it('is never passed when nothing was verified, whatever the signature says of itself', () => {
    const status = signatureStatus({ status: 'unknown', reason: 'not verified', signatures: [signature] });
    expect(status).toMatchObject({ look: 'present', text: 'Present, not verified' });
    expect(status.details).toEqual([
      'Says of itself, unchecked: signed by mallory@example.com, according to https://idp',
    ]);
    const two = signatureStatus({ status: 'unknown', reason: '', signatures: [signature, signature] });
    expect(two.text).toBe('2 are present, not verified');
  });

  it.each([
    [
      { status: 'valid', reason: '', signer: 'ci', issuer: 'idp' },
      'passed',
      'Verified: signed by ci, according to idp',
    ],
    [{ status: 'valid', reason: '' }, 'passed', 'Verified'],
    [{ status: 'invalid', reason: 'of another key' }, 'failed', 'Not valid: of another key'],
    [{ status: 'unsigned', reason: 'none' }, 'absent', 'None was found'],
    [{ status: 'unknown', reason: 'offline' }, 'unknown', 'Not known: offline'],
  ] as const)('of %j is %s', (report, look, text) => {
    expect(signatureStatus({ ...report, signatures: [] })).toMatchObject({ look, text });
  });
});

it('referrers are rows by kind, signatures first, and each leads to its own overview', () => {
  const targets = new Targets();
  const typed = (artifactType: string) => ({ ...imageManifest([blob(2)], { artifactType }).descriptor, artifactType });
  const { table } = referrersPart(
    [typed('application/spdx+json'), typed('application/vnd.cncf.notary.signature')],
    { status: 'unsigned', reason: '', signatures: [] },
    targets,
  );
  expect(table.rows.map(({ cells }) => cells.slice(0, 2))).toEqual([
    ['signature', 'Notary Project'],
    ['SBOM', 'SPDX'],
  ]);
  expect(targets.at(table.rows[0]?.opens ?? -1)).toMatchObject({ kind: 'overview' });
  const none = referrersPart([], { status: 'unsigned', reason: '', signatures: [] }, targets);
  expect(none.table).toMatchObject({ rows: [], note: 'Nothing refers to this manifest.' });
});
