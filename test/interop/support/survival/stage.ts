import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isManifestDescriptor } from '../../../../src/oci/spec/descriptor.ts';
import { MediaType } from '../../../../src/oci/spec/mediaTypes.ts';
import { referrersTagOf } from '../../../../src/oci/spec/referrersTag.ts';
import { artifact, blob, emptyConfig, type Graph, imageIndex, imageManifest } from '../../../support/artifacts.ts';
import type { LayoutName, RemoteName } from '../../../support/clients/index.ts';
import { makeFolder, removeFolder } from '../../../support/fileTree.ts';
import { type RegistryOptions, startRegistry, type TestRegistry } from '../../../support/registry/index.ts';
import { makeLayout, TAG } from '../exchange.ts';

/** What no client may print or send elsewhere. */
export const PASSWORD = 'pass-7f3c9a51';
/** More than the size after which faults cut, and more than one request brings where there is a limit. */
const LAYER_SIZE = 1024 * 1024;
/** More than two pages of ten. */
export const TAGS = Array.from({ length: 25 }, (_, index) => `v${String(index).padStart(2, '0')}`);

/** What is pushed, pulled, copied and referred to. */
export const graph: Graph = artifact(50, { layers: 1, size: LAYER_SIZE });
/** What is under the tag that is deleted. */
const doomed = artifact(51);
/** What refers to the first, each under its own digest alone. */
export const referrers = [0, 1].map((index) => {
  const layer = blob(60 + index);
  const members = { artifactType: `application/vnd.example.sbom.v${index}`, subject: graph.root.descriptor };
  return { layer, root: imageManifest([layer], members) };
});

/** A registry with content that no client has put there, and a world of one client's own. */
export interface Stage extends AsyncDisposable {
  readonly registry: TestRegistry;
  readonly hasReferrersApi: boolean;
  /** Folder that is home to the client, with its credentials. */
  readonly home: string;
  /** What is pushed. */
  readonly layout: LayoutName;
  remote(repository: string, reference: string): RemoteName;
}

/** The same for each attempt, so that none sees what another one did. */
export async function setStage(options: RegistryOptions): Promise<Stage> {
  const registry = await startRegistry(options);
  const hasReferrersApi = options.quirks?.referrersApi !== false;
  seed(registry, hasReferrersApi);
  const home = await makeFolder({ 'sbom.json': '{"bom": true}' });
  await cp(await source, join(home, 'source'), { recursive: true });
  await mkdir(join(home, 'pulled'));
  await mkdir(join(home, '.docker'));
  const { username = '', password = '' } = options.auth ?? {};
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const config = { auths: options.auth === undefined ? {} : { [registry.host]: { auth } } };
  await writeFile(join(home, '.docker/config.json'), JSON.stringify(config));
  return {
    registry,
    hasReferrersApi,
    home,
    layout: { path: join(home, 'source'), tag: TAG },
    remote: (repository, reference) => ({ host: registry.host, repository, reference }),
    async [Symbol.asyncDispose]() {
      await registry.close();
      await removeFolder(home);
    },
  };
}

/** The layout that each client gets a copy of. */
const source = makeFolder().then(async (folder) => (await makeLayout(join(folder, 'layout'), graph)).path);

/** Takes the layout away. */
export async function clearStages(): Promise<void> {
  await removeFolder(join(await source, '..'));
}

function seed({ repository }: TestRegistry, hasReferrersApi: boolean): void {
  // Some registries want to have them made; in the others it changes nothing.
  for (const name of ['team/pushed', 'team/copied', 'team/empty']) repository(name);
  const app = repository('team/app');
  const put = ({ root, contents }: Graph, ...tags: readonly string[]): void => {
    for (const { descriptor, bytes } of contents) {
      if (isManifestDescriptor(descriptor)) app.putManifest(bytes, descriptor.mediaType);
      else app.putBlob(bytes);
    }
    for (const tag of tags) app.tags.set(tag, root.descriptor.digest);
  };
  put(graph, ...TAGS);
  put(doomed, 'doomed');
  for (const { layer, root } of referrers) put({ root, contents: [emptyConfig, layer, root] });
  if (hasReferrersApi) return;
  const manifests = referrers.map(({ root }) => {
    const { artifactType } = JSON.parse(Buffer.from(root.bytes).toString('utf8'));
    return { ...root, descriptor: { ...root.descriptor, artifactType } };
  });
  app.putManifest(imageIndex(manifests).bytes, MediaType.imageIndex, referrersTagOf(graph.root.descriptor.digest));
}
