import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { fileNameOf, nameOf } from '../../../src/oci/cache/cacheKey.ts';
import { formatRecord } from '../../../src/oci/cache/referenceRecord.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { artifact, tagOf } from '../../support/artifacts.ts';
import { blobFile, publish, pull, setUp } from './support/caches.ts';

/** What was done to files and to those that were opened, with the names of files. */
const done = vi.hoisted((): string[] => []);

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const noting = <T extends object>(target: T, names: (args: readonly unknown[]) => string): T =>
    new Proxy(target, {
      get: (object, name, receiver) => {
        const value = Reflect.get(object, name, object === real ? receiver : object);
        if (typeof value !== 'function' || typeof name !== 'string') return value;
        return async (...args: readonly unknown[]) => {
          done.push(`${name} ${names(args)}`.trim());
          const result = await value.apply(object, args);
          return name === 'open' ? noting(result, () => '') : result;
        };
      },
    });
  const nameIn = ([path]: readonly unknown[]): string => String(path).split('/').slice(-2).join('/').slice(0, 24);
  return Object.fromEntries(
    Object.entries(real).map(([name, value]) => [
      name,
      typeof value === 'function' ? noting({ [name]: value }, nameIn)[name] : value,
    ]),
  );
});

const graph = artifact(1, { size: 1024 * 1024, layers: 1 });

beforeEach(() => void done.splice(0));

it('a hit asks nobody, locks nothing, writes nothing, and looks at its own files alone, however many there are', async () => {
  const { remote, repository, path, asked, open } = await setUp();
  publish(remote, graph, 'v1.0.0');
  const cache = open();
  await pull(repository({ cache }), 'v1.0.0', graph);
  await cache.close();
  asked();
  const hit = async (): Promise<readonly string[]> => {
    done.splice(0);
    await pull(repository({ cache }), 'v1.0.0', graph);
    await cache.close();
    return [...done];
  };
  const few = await hit();
  for (let i = 0; i < 500; i++) {
    const { root, contents } = artifact(i + 2);
    for (const { descriptor, bytes } of contents) writeFileSync(blobFile(path, descriptor), bytes);
    const key = { registry: 'other.example', repository: parseRepositoryName('a/b'), reference: tagOf(`v${i}`) };
    const record = { ...key, descriptor: root.descriptor, fetchedAt: 0, checkedAt: 0 };
    writeFileSync(join(path, 'references', fileNameOf(nameOf(key))), formatRecord(record));
  }
  const many = await hit();
  expect(many).toEqual(few);
  expect(asked()).toEqual([]);
  const verbs = Map.groupBy(few, (line) => line.split(' ')[0]);
  expect([...verbs.keys()].sort()).toEqual(['close', 'lstat', 'open', 'read', 'readFile', 'stat', 'utimes']);
  // One record, a manifest, a config and a layer.
  for (const verb of ['open', 'close', 'utimes']) expect([verb, verbs.get(verb)?.length]).toEqual([verb, 4]);
  // Each piece of content in one go.
  expect(verbs.get('read')?.length).toBe(3);
});
