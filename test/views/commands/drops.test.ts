import { beforeEach, describe, expect, it } from 'vitest';
import { Uri } from 'vscode';
import { parseRepositoryName } from '../../../src/oci/index.ts';
import { Drops } from '../../../src/views/commands/drops.ts';
import type { CopyParts } from '../../../src/views/commands/startCopy.ts';
import type { Node, RepositoryNode } from '../../../src/views/tree/node.ts';
import { rowUri } from '../../../src/views/tree/rowUri.ts';
import { artifact, emptyConfig, imageManifest, putGraph } from '../../support/artifacts.ts';
import { answers, asked } from '../../support/vscode.ts';
import { MemoryPlace } from '../support/places.ts';

const source = new MemoryPlace({ id: 'one.example' });
const target = new MemoryPlace({ id: 'two.example' });
const onTarget: Node = { kind: 'place', id: target.id, place: target, parent: undefined };

let started: string[];
const parts = {
  book: { places: () => [source, target] },
  presenter: { attempt: async <T>(_action: string, step: () => Promise<T>) => await step() },
  settings: { concurrency: 4 },
  transfers: { start: async ({ title }: { title: string }) => void started.push(title) },
} as unknown as CopyParts;
const drops = new Drops(parts, undefined, async (_action, step) => await step());

const rows = (...tags: readonly string[]): readonly string[] => [
  JSON.stringify(tags.map((tag) => ({ place: source.id, repository: 'app', tag }))),
];
const drop = (tags: readonly string[], on: Node = onTarget) =>
  drops.drop(on, { rows: rows(...tags), uris: [rowUri('one.example|app|1.0.0')], unreadable: [] });

beforeEach(async () => {
  started = [];
  answers.length = 0;
  asked.length = 0;
  for (const [seed, tag] of [
    [1, '1.0.0'],
    [2, '2.0.0'],
  ] as const) {
    await putGraph(source.repository('app'), artifact(seed), tag);
  }
  const signature = imageManifest([], { subject: artifact(1).root.descriptor });
  await putGraph(source.repository('app'), { root: signature, contents: [emptyConfig, signature] }, 'signature');
});

describe('a tag that is dropped on another registry', () => {
  it('asks whether what refers to it comes along', async () => {
    answers.push('Copy', 'The artifact alone');
    await drop(['1.0.0']);
    expect(asked).toEqual(['Copy one.example/app:1.0.0 to two.example/app:1.0.0?', 'Choose what comes along']);
    expect(started).toEqual(['Copying one.example/app:1.0.0 to two.example/app:1.0.0']);
  });

  it('does not where nothing refers to it', async () => {
    answers.push('Copy');
    await drop(['2.0.0']);
    expect([asked.length, started.length]).toEqual([1, 1]);
  });

  it('is not copied when the user leaves either question', async () => {
    answers.push('Copy');
    await drop(['1.0.0']);
    await drop(['1.0.0']);
    expect(started).toEqual([]);
  });

  it('among several is named with the others, once', async () => {
    answers.push('Copy');
    await drop(['1.0.0', '2.0.0']);
    expect([asked, started.length]).toEqual([['Copy 2 Tags?'], 2]);
  });

  it('goes nowhere where it is already', async () => {
    const repository = parseRepositoryName('app');
    const home: Node = { kind: 'place', id: source.id, place: source, parent: undefined };
    const on: RepositoryNode = { kind: 'repository', id: 'x', place: source, repository, parent: home };
    await drop(['1.0.0'], on);
    expect([asked, started]).toEqual([[], []]);
  });
});

it('what came as an address and is none says so, and nothing is done', async () => {
  const dropped = { rows: [], uris: [Uri.file('/w/a.txt')], unreadable: ['no address'] };
  await drops.drop(onTarget, dropped);
  expect(asked).toEqual(['Nothing was done with what was dropped: no address is not the address of a file.']);
  expect(started).toEqual([]);
});
