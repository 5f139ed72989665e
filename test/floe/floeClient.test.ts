import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FloeClient, type FloeClientOptions } from '../../src/floe/floeClient.ts';
import { prepareDocument } from '../../src/floe/pushArtifact.ts';
import { registryConfigSchema } from '../../src/floe/schema/registryConfig.ts';
import { parseVersionConstraint } from '../../src/floe/versionConstraint.ts';
import { MemoryStore, packArtifact, parseTag } from '../../src/oci/index.ts';
import { makeFolder, readTree, removeFolder } from '../support/fileTree.ts';
import { changed, documentOf, FULL_DOCUMENT, fixture, minimalDocument } from './documents.ts';

const v1 = parseTag('v2.0.1');
const SIGNING = { mode: 'keyless', oidc_issuer: 'https://token.example' };
const ENFORCE = { public_key_ref: { name: 'cosign-key' } };

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

interface Setup extends Partial<Omit<FloeClientOptions, 'config' | 'place'>> {
  readonly store?: MemoryStore;
  /** Of `artifacts.registry`, besides its address; default: no manifest.yaml. */
  readonly section?: object;
  readonly isOffline?: boolean;
}

function clientFor({ store = new MemoryStore('r.example/team/harbour'), section, isOffline, ...options }: Setup = {}) {
  const registry = { uri: 'oci://r.example/team/harbour', auth: { type: 'anonymous' }, ...section };
  const client = new FloeClient({
    place: { source: async () => store, repository: async () => store, ...(isOffline && { isOffline }) },
    ...(section && { config: registryConfigSchema.parse(registry) }),
    ...options,
  });
  return { client, store };
}

describe("floe's client", () => {
  it('pushes, pulls, inspects and lists', async () => {
    const { client } = clientFor();
    const document = fixture(FULL_DOCUMENT);
    const packed = await prepareDocument(document);
    expect((await client.push(packed, v1)).outcome).toBe('pushed');
    expect((await client.push(packed, v1)).outcome).toBe('unchanged');
    const pulled = await client.pull(v1);
    expect(pulled).toMatchObject({ reference: 'r.example/team/harbour:v2.0.1', warnings: [] });
    expect(Buffer.compare(pulled.bytes, document.bytes)).toBe(0);
    const path = join(folder, 'pulled.json');
    expect((await client.pullTo(path, v1)).document.size).toBe(document.bytes.length);
    const { files } = await client.pullFiles(join(folder, 'files'), v1);
    expect(files).toMatchObject([{ digest: pulled.document.digest }]);
    expect(Object.keys(await readTree(join(folder, 'files')))).toEqual(['compiled_artifacts.json']);
    const inspection = await client.inspect(packed.descriptor.digest);
    expect(inspection).toMatchObject({ signatureStatus: 'unknown', promotionStatus: 'unknown' });
    expect(await client.withStanding(inspection)).toMatchObject({
      signatureStatus: 'unsigned',
      promotionStatus: 'not_promoted',
      promotedTo: [],
    });
    expect(await client.list({ product: 'harbour-*' })).toMatchObject({ tags: [{ name: 'v2.0.1', immutable: true }] });
  });

  it('finds the highest version of a range among any number of tags', async () => {
    const { client, store } = clientFor();
    const artifact = await packArtifact(store, { artifactType: 'text/x', layers: [] });
    for (let patch = 0; patch < 1500; patch += 1) await store.tag(artifact, parseTag(`v1.2.${patch}`));
    await store.tag(artifact, parseTag('v1.3.0'));
    expect(await client.highest(parseVersionConstraint('v1.2.*'))).toBe('v1.2.1499');
    await expect(client.highest(parseVersionConstraint('^2.0.0'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { what: 'a version in the range ^2.0.0 in r.example/team/harbour, which has 1501 tags' },
    });
  });

  it('has a push signed where the manifest.yaml asks for it, and says when nobody can', async () => {
    const packed = await prepareDocument(documentOf(minimalDocument()));
    const warnings: string[] = [];
    const warn = (text: string): void => void warnings.push(text);
    const unsigned = await clientFor({ section: { signing: SIGNING }, warn }).client.push(packed, v1);
    expect(unsigned.signing).toBeUndefined();
    const place = `r.example/team/harbour@${packed.descriptor.digest}`;
    expect(warnings).toEqual([
      `manifest.yaml asks for a signature, and nothing here gave one: sign it with "cosign sign ${place}"`,
    ]);
    const asked: unknown[] = [];
    const signer: NonNullable<FloeClientOptions['hooks']>['signer'] = {
      sign: async ({ descriptor, signing }) => {
        asked.push([descriptor.digest, signing.mode]);
        return { signature: descriptor.digest, signer: 'ci' };
      },
    };
    const { client } = clientFor({ section: { signing: SIGNING }, warn, hooks: { signer } });
    expect((await client.push(packed, v1)).signing).toMatchObject({ signer: 'ci' });
    await clientFor({ hooks: { signer } }).client.push(packed, v1);
    expect(asked).toEqual([[packed.descriptor.digest, 'keyless']]);
    expect(warnings).toHaveLength(1);
  });

  it('does not look at what the policy on signatures keeps out, however it is pulled', async () => {
    const { client, store } = clientFor({ section: { verification: ENFORCE } });
    await client.push(await prepareDocument(documentOf(minimalDocument())), v1);
    const refused = { code: 'UNVERIFIED_SIGNATURE', details: { status: 'unsigned', isVerifiable: false } };
    await expect(client.pull(v1)).rejects.toMatchObject(refused);
    await expect(client.pullTo(join(folder, 'refused.json'), v1)).rejects.toMatchObject(refused);
    await expect(client.pullFiles(join(folder, 'refused'), v1)).rejects.toMatchObject(refused);
    expect(Object.keys(await readTree(folder))).not.toContain('refused.json');
    const { client: offline } = clientFor({ store, section: { verification: ENFORCE }, isOffline: true });
    await expect(offline.pull(v1)).rejects.toMatchObject({ details: { status: 'unknown' } });
    const verifier = { verify: async () => ({ status: 'valid', signer: 'ci', reason: 'checked' }) as const };
    const checked = clientFor({ store, section: { verification: ENFORCE }, hooks: { verifier } });
    expect((await checked.client.pull(v1)).warnings).toEqual([]);
    expect(await checked.client.withStanding(await checked.client.inspect(v1))).toMatchObject({
      signatureStatus: 'valid',
      signatureReason: 'checked',
    });
  });

  it('is told of promotions by whoever knows of them', async () => {
    const promotions = { read: async () => ({ status: 'pending', environments: ['qa'] }) as const };
    const { client } = clientFor({ hooks: { promotions } });
    await client.push(await prepareDocument(documentOf(minimalDocument())), v1);
    expect(await client.withStanding(await client.inspect(v1))).toMatchObject({
      promotionStatus: 'pending',
      promotedTo: ['qa'],
    });
  });

  it('moves no protected tag', async () => {
    const { client } = clientFor();
    await client.push(await prepareDocument(documentOf(minimalDocument())), v1);
    const other = await prepareDocument(documentOf(changed(minimalDocument(), ['mode'], 'mesh')));
    await expect(client.push(other, v1)).rejects.toMatchObject({ code: 'TAG_IMMUTABLE' });
    expect((await client.push(other, parseTag('latest'))).outcome).toBe('pushed');
  });
});
