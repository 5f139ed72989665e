import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isManifestDescriptor } from '../../../../src/oci/spec/descriptor.ts';
import { digestOf, encodedOf } from '../../../../src/oci/spec/digest.ts';
import { referrersTagOf } from '../../../../src/oci/spec/referrersTag.ts';
import type { Client, Command } from '../../../support/clients/index.ts';
import { TAG } from '../exchange.ts';
import { graph, referrers, type Stage, TAGS } from './stage.ts';

/** One thing that people do with a client. */
export interface Scenario {
  /** What the client is told to do; undefined when it has no word for it. */
  readonly command: (client: Client, stage: Stage) => Command | undefined;
  /** What is not as it says, when it said that it went well. @param printed all that it wrote to stdout */
  readonly problem: (stage: Stage, printed: string) => Promise<string | undefined> | string | undefined;
  /** What is worse than before, when it said that it failed. */
  readonly harm?: (stage: Stage) => Promise<string | undefined> | string | undefined;
}

export type ScenarioName = 'push' | 'pull' | 'list' | 'list none' | 'copy' | 'attach' | 'referrers' | 'delete';

const TYPE = 'application/vnd.example.attached.v1';
const app = (stage: Stage, reference: string = TAGS[0] ?? '') => stage.remote('team/app', reference);
const subject = graph.root.descriptor.digest;

export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  push: {
    command: (client, stage) => client.push(stage.layout, stage.remote('team/pushed', TAG)),
    problem: (stage) => missingIn(stage, 'team/pushed'),
    harm: (stage) => (isTagged(stage, 'team/pushed') ? missingIn(stage, 'team/pushed') : undefined),
  },
  pull: {
    command: (client, stage) => client.pull(app(stage), { path: join(stage.home, 'pulled'), tag: TAG }),
    problem: async ({ home }) => {
      for (const { descriptor, bytes } of graph.contents) {
        const file = join(home, 'pulled/blobs/sha256', encodedOf(descriptor.digest));
        const found = await readFile(file).catch(() => undefined);
        if (found?.equals(bytes)) continue;
        if (isManifestDescriptor(descriptor)) return 'what was pulled is not what the tag leads to';
        return `a blob that was pulled is ${found ? 'another' : 'missing'}`;
      }
      return undefined;
    },
    harm: async ({ home }) => {
      const folder = join(home, 'pulled/blobs/sha256');
      for (const name of await readdir(folder).catch(() => [])) {
        // What has no digest for a name is nobody's content.
        if (!/^[0-9a-f]{64}$/.test(name)) continue;
        if (encodedOf(digestOf(await readFile(join(folder, name)))) !== name)
          return 'leaves other bytes under a digest';
      }
      return undefined;
    },
  },
  list: {
    command: (client, stage) => client.listTags?.(app(stage)),
    problem: (_, printed) => {
      const words = wordsOf(printed);
      const left = TAGS.filter((tag) => !words.has(tag));
      return left.length === 0 ? undefined : `leaves out ${left.length} of ${TAGS.length} tags`;
    },
  },
  'list none': {
    command: (client, stage) => client.listTags?.(stage.remote('team/empty', TAG)),
    problem: (_, printed) => (wordsOf(printed).has('null') ? 'lists a tag "null"' : undefined),
  },
  copy: {
    command: (client, stage) => client.copy?.(app(stage), stage.remote('team/copied', TAG)),
    problem: (stage) => missingIn(stage, 'team/copied'),
    harm: (stage) => (isTagged(stage, 'team/copied') ? missingIn(stage, 'team/copied') : undefined),
  },
  attach: {
    command: (client, stage) => client.attach?.({ folder: stage.home, name: 'sbom.json' }, app(stage), TYPE),
    problem: ({ registry, hasReferrersApi }) => {
      const { manifests, tags } = registry.repository('team/app');
      const known = new Set(referrers.map(({ root }) => String(root.descriptor.digest)));
      const attached = [...manifests].filter(
        ([digest, { bytes }]) => !known.has(digest) && jsonOf(bytes).subject?.digest === subject,
      );
      if (attached.length !== 1) return `attaches ${attached.length} manifests`;
      const isSame = attached.every(([, { bytes }]) => jsonOf(bytes).subject?.size === graph.root.descriptor.size);
      if (!isSame) return 'what is attached says another size of its subject';
      const list = manifests.get(tags.get(referrersTagOf(subject)) ?? '');
      const listed = JSON.stringify(list && jsonOf(list.bytes).manifests);
      const wanted = [...known, ...attached.map(([digest]) => digest)];
      const isListed = hasReferrersApi || wanted.every((digest) => listed?.includes(digest));
      return isListed
        ? undefined
        : 'is not listed under the tag that stands in for a referrers API, or the others no more';
    },
  },
  referrers: {
    command: (client, stage) => client.referrers?.(app(stage)),
    problem: (_, printed) => {
      const left = referrers.filter(({ root }) => !printed.includes(root.descriptor.digest));
      return left.length === 0 ? undefined : `leaves out ${left.length} of ${referrers.length} referrers`;
    },
  },
  delete: {
    command: (client, stage) => client.deleteTag?.(app(stage, 'doomed')),
    problem: ({ registry }) => {
      const { tags } = registry.repository('team/app');
      if (tags.has('doomed')) return 'the tag is still there';
      return TAGS.every((tag) => tags.get(tag) === subject) ? undefined : 'other tags are gone as well';
    },
  },
};

/** What of the graph is not in a repository as it should be. */
function missingIn({ registry }: Stage, name: string): string | undefined {
  const { blobs, manifests, tags } = registry.repository(name);
  for (const { descriptor, bytes } of graph.contents) {
    const isManifest = isManifestDescriptor(descriptor);
    const found = isManifest ? manifests.get(descriptor.digest)?.bytes : blobs.get(descriptor.digest);
    const isSame = found !== undefined && Buffer.compare(found, bytes) === 0;
    if (!isSame) return `${isManifest ? 'the manifest' : 'a blob'} in the registry is ${found ? 'another' : 'missing'}`;
  }
  return tags.get(TAG) === subject ? undefined : 'the tag does not lead to what was written';
}

function isTagged({ registry }: Stage, name: string): boolean {
  return registry.repository(name).tags.has(TAG);
}

function wordsOf(printed: string): ReadonlySet<string> {
  return new Set(printed.split(/[\s",[\]]+/));
}

function jsonOf(bytes: Uint8Array): {
  readonly subject?: { readonly digest: string; readonly size: number };
  readonly manifests?: unknown;
} {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}
