import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FloeClient, type FloeClientOptions } from '../../src/floe/floeClient.ts';
import { registryConfigSchema } from '../../src/floe/schema/registryConfig.ts';
import { parseTag } from '../../src/oci/index.ts';
import { makeFolder, removeFolder } from '../support/fileTree.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { documentOf, FULL_DOCUMENT, fixture, minimalDocument } from './documents.ts';

const v1 = parseTag('v2.0.1');
const LOGIN = { username: 'robot', password: 'right-password' };
const QUICK = { resilience: { retry: { max_attempts: 1 } } };

function clientFor({ host }: TestRegistry, section: object = {}, options: Partial<FloeClientOptions> = {}): FloeClient {
  const input = { uri: `oci://${host}/team/harbour`, auth: { type: 'anonymous' }, ...QUICK, ...section };
  return new FloeClient({ config: registryConfigSchema.parse(input), engine: 'undici', ...options });
}

describe("floe's client", () => {
  it('pushes, pulls, inspects and lists in the one registry', async () => {
    await using registry = await startRegistry();
    await using client = clientFor(registry);
    const document = fixture(FULL_DOCUMENT);
    const { descriptor, outcome } = await client.push(document, v1);
    expect(outcome).toBe('pushed');
    expect((await client.push(document, v1)).outcome).toBe('unchanged');
    const pulled = await client.pull(v1);
    expect(pulled).toMatchObject({ reference: `${registry.host}/team/harbour:v2.0.1`, warnings: [] });
    expect(Buffer.compare(pulled.bytes, document.bytes)).toBe(0);
    expect(await client.inspect(descriptor.digest)).toMatchObject({ signatureStatus: 'unknown' });
    expect(await client.inspect(v1, { signatures: true })).toMatchObject({
      signatureStatus: 'unsigned',
      promotionStatus: 'not_promoted',
      promotedTo: [],
    });
    expect(await client.list({ product: 'harbour-*' })).toMatchObject({ tags: [{ name: 'v2.0.1', immutable: true }] });
  });

  it('signs in with the secret that the file refers to, looked up where the file says', async () => {
    await using registry = await startRegistry({ auth: LOGIN });
    const asked: unknown[] = [];
    const vault = {
      read: async ({ name, key }: { name: string; key?: string | null | undefined }) => {
        asked.push([name, key]);
        return key === 'username' ? LOGIN.username : LOGIN.password;
      },
    };
    const auth = { type: 'basic', credentials_ref: { source: 'vault', name: 'orders-robot' } };
    await using client = clientFor(registry, { auth }, { backends: { vault } });
    expect((await client.push(fixture(FULL_DOCUMENT), v1)).outcome).toBe('pushed');
    expect(asked.slice(0, 2)).toEqual([
      ['orders-robot', 'username'],
      ['orders-robot', 'password'],
    ]);
    await using stranger = clientFor(registry, { auth });
    await expect(stranger.pull(v1)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('answers again from the cache, by its own rules', async () => {
    const folder = await makeFolder();
    try {
      await using registry = await startRegistry();
      await writeFile(join(folder, 'other'), '');
      await using client = clientFor(registry, { cache: { path: 'kept' } }, { folder });
      await client.push(fixture(FULL_DOCUMENT), v1);
      await client.pull(v1);
      const before = registry.requests().length;
      await client.pull(v1);
      expect(registry.requests().length).toBe(before);
      await using without = clientFor(registry, { cache: { enabled: false, path: 'kept' } }, { folder });
      await without.pull(v1);
      expect(registry.requests().length).toBeGreaterThan(before);
    } finally {
      await removeFolder(folder);
    }
  });

  it('calls the signer after a push, and says when there is none', async () => {
    await using registry = await startRegistry();
    const signing = { mode: 'keyless', oidc_issuer: 'https://accounts.example' };
    const warnings: string[] = [];
    await using plain = clientFor(registry, { signing }, { warn: (text) => warnings.push(text) });
    const { descriptor, signing: none } = await plain.push(fixture(FULL_DOCUMENT), v1);
    expect(none).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringContaining(`cosign sign ${registry.host}/team/harbour@${descriptor.digest}`),
    ]);
    const requests: string[] = [];
    const signer = {
      sign: async ({ reference, descriptor: signature }: { reference: string; descriptor: typeof descriptor }) => {
        requests.push(reference);
        return { signature, signer: 'ci@acme.example' };
      },
    };
    await using client = clientFor(registry, { signing }, { signer });
    expect((await client.push(fixture(FULL_DOCUMENT), v1)).signing).toMatchObject({ signer: 'ci@acme.example' });
    expect(requests).toEqual([`${registry.host}/team/harbour:v2.0.1`]);
  });

  it('does not look at what the policy on signatures keeps out', async () => {
    await using registry = await startRegistry();
    await using free = clientFor(registry);
    await free.push(documentOf(minimalDocument()), v1);
    const verification = { public_key_ref: { name: 'key' }, environments: { dev: { enforcement: 'off' } } };
    await using strict = clientFor(registry, { verification });
    await expect(strict.pull(v1)).rejects.toMatchObject({ code: 'UNVERIFIED_SIGNATURE' });
    await using dev = clientFor(registry, { verification }, { environmentName: 'dev' });
    expect((await dev.pull(v1)).warnings).toEqual([]);
  });
});
