import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FloeClient } from '../../src/floe/floeClient.ts';
import { prepareDocument } from '../../src/floe/pushArtifact.ts';
import {
  anonymous,
  createStores,
  parseRegistryReference,
  parseTag,
  silentLogger,
  userAgent,
} from '../../src/oci/index.ts';
import { startRegistry } from '../support/registry/index.ts';
import { runCommand } from './support/runCommand.ts';

const { programs } = inject('peers');
const python = programs['oras-py'];
const document = await readFile(join(import.meta.dirname, '../fixtures/floe/harbour-traffic.json'));
const tag = parseTag('v2.0.1');

/** As floe's own client calls the library that it is written with. */
const PULL = `
import sys, oras.client
oras.client.OrasClient(insecure=True).pull(target=sys.argv[1], outdir=sys.argv[2], allowed_media_type=[])
`;
const PUSH = `
import json, sys, oras.client
oras.client.OrasClient(insecure=True).push(
    target=sys.argv[1], files=["compiled_artifacts.json"],
    manifest_annotations=json.loads(sys.argv[2]), disable_path_validation=True)
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-oci-python-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (script: string, ...args: readonly string[]) =>
  runCommand({ program: python ?? '', args: ['-c', script, ...args], cwd: folder }, folder);

function clientFor(host: string, repository: string) {
  const stores = createStores({
    engine: 'undici',
    connection: () => ({ plainHttp: true }),
    credentials: anonymous,
    logger: silentLogger,
    userAgent,
  });
  const reference = parseRegistryReference(`oci://${host}/${repository}`);
  const client = new FloeClient({
    place: { source: () => stores.open(reference), repository: (options) => stores.repository(reference, options) },
  });
  return { client, [Symbol.asyncDispose]: () => stores.close() };
}

describe.skipIf(python === undefined)("floe's Python client and this one", () => {
  it('read what the other one writes, byte for byte', async () => {
    await using registry = await startRegistry();
    await using ours = clientFor(registry.host, 'team/ours');
    await ours.client.push(await prepareDocument({ file: 'compiled_artifacts.json', bytes: document }), tag);
    await run(PULL, `${registry.host}/team/ours:v2.0.1`, join(folder, 'pulled'));
    expect(await readFile(join(folder, 'pulled/compiled_artifacts.json'))).toEqual(document);

    await writeFile(join(folder, 'compiled_artifacts.json'), document);
    const annotations = { 'io.floe.product.name': 'harbour-traffic', 'io.floe.product.version': '2.0.1' };
    await run(PUSH, `${registry.host}/team/theirs:v2.0.1`, JSON.stringify(annotations));
    await using theirs = clientFor(registry.host, 'team/theirs');
    expect(await theirs.client.list({ product: 'harbour-*' })).toMatchObject({ tags: [{ name: tag }], errors: [] });
    expect(await theirs.client.inspect(tag)).toMatchObject({
      artifactType: 'application/vnd.unknown.config.v1+json',
      product: { name: 'harbour-traffic', version: '2.0.1' },
    });
    const pulled = await theirs.client.pull(tag);
    expect(Buffer.from(pulled.bytes)).toEqual(document);
    expect(pulled.document.mediaType).toBe('application/vnd.oci.image.layer.v1.tar');
  });
});
