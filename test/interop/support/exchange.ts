import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { isManifestDescriptor } from '../../../src/oci/spec/descriptor.ts';
import { encodedOf } from '../../../src/oci/spec/digest.ts';
import { type Content, type Graph, putGraph } from '../../support/artifacts.ts';
import type { Client, LayoutName, RemoteName } from '../../support/clients/index.ts';
import { folderIn, runCommand } from './runCommand.ts';

/** How an exchange ended: the bytes are the same, a client has no word for it, or what was different. */
export type Outcome = 'same' | 'none' | (string & {});

export const TAG = 'v1';

/** A layout with one artifact under {@link TAG}. */
export async function makeLayout(path: string, graph: Graph): Promise<LayoutName> {
  await putGraph(await LayoutStore.open(path, { create: true }), graph, TAG);
  return { path, tag: TAG };
}

/** Lets a client push the layout, and looks at what the registry then has, with no client at all. */
export async function write(
  client: Client,
  from: LayoutName,
  to: RemoteName,
  graph: Graph,
  home: string,
): Promise<Outcome> {
  try {
    await runCommand(client.push(from, to), home);
  } catch (error) {
    return messageOf(error);
  }
  for (const content of graph.contents) {
    const isRoot = content === graph.root;
    const bytes = await fetchContent(to, content, isRoot ? to.reference : content.descriptor.digest);
    if (!bytes?.equals(content.bytes)) return `${kindOf(content)} is ${bytes === undefined ? 'missing' : 'another'}`;
  }
  return 'same';
}

/** Lets a client pull it into a layout, and looks at the files there. */
export async function read(client: Client, from: RemoteName, graph: Graph, home: string): Promise<Outcome> {
  const path = folderIn(home, 'pulled');
  try {
    await runCommand(client.pull(from, { path, tag: TAG }), home);
    for (const content of graph.contents) {
      const file = join(path, 'blobs/sha256', encodedOf(content.descriptor.digest));
      const bytes = await readFile(file).catch(() => undefined);
      if (!bytes?.equals(content.bytes)) return `${kindOf(content)} is ${bytes === undefined ? 'missing' : 'another'}`;
    }
    return 'same';
  } catch (error) {
    return messageOf(error);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** As any program fetches it, that knows nothing but HTTP. */
async function fetchContent(
  { host, repository }: RemoteName,
  { descriptor }: Pick<Content, 'descriptor'>,
  reference: string = descriptor.digest,
): Promise<Buffer | undefined> {
  const endpoint = isManifestDescriptor(descriptor) ? 'manifests' : 'blobs';
  const headers = { accept: descriptor.mediaType };
  const answer = await fetch(`http://${host}/v2/${repository}/${endpoint}/${reference}`, { headers });
  return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function kindOf({ descriptor }: Content): string {
  return isManifestDescriptor(descriptor) ? 'a manifest' : 'a blob';
}
