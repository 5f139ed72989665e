import { beforeEach, describe, expect, it } from 'vitest';
import { prepareDocument } from '../../src/floe/pushArtifact.ts';
import type { SignatureVerifier } from '../../src/floe/signatureVerifier.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/index.ts';
import { type PullParts, pullFile } from '../../src/views/commands/pull.ts';
import { FloeClients } from '../../src/views/floeClients.ts';
import { documentOf, minimalDocument } from '../floe/documents.ts';
import { manifestOf, manifestsIn, openFolders } from './support/manifests.ts';
import { MemoryPlace } from './support/places.ts';

const repository = parseRepositoryName('team/product');
const tag = parseTag('v1.0.0');
const VERIFICATION = 'verification: { public_key_ref: { name: key }, environments: { dev: { enforcement: "off" } } }';

let place: MemoryPlace;
beforeEach(() => {
  place = new MemoryPlace({ id: 'r.example' });
  openFolders({ shop: manifestOf('r.example/team/product', undefined, VERIFICATION) });
});

async function clientsWith({
  environment = {},
  verifier,
}: {
  environment?: object;
  verifier?: SignatureVerifier;
} = {}) {
  const { manifests } = await manifestsIn({ connected: ['r.example'] });
  const settings = { tagPatterns: { immutable: [], mutable: ['main'] } };
  const clients = new FloeClients({ manifests, settings, hooks: { verifier }, environment: { ...environment } });
  place.repository('team/product');
  const client = clients.for({ place, repository });
  return { clients, client, pushed: await client.push(await prepareDocument(documentOf(minimalDocument())), tag) };
}

describe("floe's client in the editor", () => {
  it('keeps to the policy of the manifest.yaml in force, for its registry and no other', async () => {
    const { clients, client } = await clientsWith();
    await expect(client.pull(tag)).rejects.toMatchObject({ code: 'UNVERIFIED_SIGNATURE' });
    const other = new MemoryPlace({ id: 's.example' });
    other.repository('team/product');
    expect(clients.for({ place: other, repository }).check).toBeUndefined();
    const local = new MemoryPlace({ kind: 'local', id: 'r.example' });
    expect(clients.for({ place: local, repository }).check).toBeUndefined();
  });

  it('keeps to the rule of the environment that the process names', async () => {
    const { client } = await clientsWith({ environment: { FLOE_ENVIRONMENT: 'dev' } });
    expect((await client.pull(tag)).warnings).toEqual([]);
  });

  it('asks whoever has registered to verify', async () => {
    const { client } = await clientsWith({
      verifier: { verify: async () => ({ status: 'valid', reason: 'so it is' }) },
    });
    expect((await client.pull(tag)).warnings).toEqual([]);
  });

  it('moves the tags that the settings let it', async () => {
    const { client } = await clientsWith();
    const other = await prepareDocument(documentOf(minimalDocument({ mode: 'mesh' })));
    const main = parseTag('main');
    for (const document of [minimalDocument(), minimalDocument({ mode: 'simple' })]) {
      expect((await client.push(await prepareDocument(documentOf(document)), main)).outcome).toBe('pushed');
    }
    await expect(client.push(other, tag)).rejects.toMatchObject({ code: 'TAG_IMMUTABLE' });
  });

  it('pulls no single layer either, and asks nobody where to', async () => {
    const { clients, pushed } = await clientsWith();
    const { descriptor } = pushed;
    const blob = { address: { place, repository, digest: descriptor.digest }, manifest: descriptor.digest, descriptor };
    const parts = { clients } as unknown as PullParts;
    await expect(pullFile(parts, { ...blob, name: 'x.json' })).rejects.toMatchObject({ code: 'UNVERIFIED_SIGNATURE' });
  });
});
