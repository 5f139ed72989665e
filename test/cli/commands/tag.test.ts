import { describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace } from '../support/workspace.ts';

const PLACES: Readonly<Record<string, (registry: TestRegistry) => string>> = {
  'a layout': () => 'layout:out',
  'a registry': ({ host }) => `oci://${host}/team/orders`,
};

describe.each(Object.entries(PLACES))('tag in %s', (_, placeIn) => {
  it('adds tags to what a tag or digest names', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const place = placeIn(registry);
    const digest = (await workspace.run('push', '-a', 'doc.json', `${place}:v1.0.0`)).stdout.trim();
    const text = await workspace.run('tag', `${place}:v1.0.0`, 'prod', 'latest');
    expect(text).toMatchObject({ code: 0, stdout: `${place}:prod\n${place}:latest\n`, stderr: '' });
    const json = await workspace.run('tag', `${place}@${digest}`, 'latest', 'new', '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      reference: `${place}@${digest}`,
      digest,
      tags: [
        { name: 'latest', outcome: 'unchanged' },
        { name: 'new', outcome: 'added' },
      ],
    });
    expect((await workspace.run('tag', '-r', place, '-t', 'new', 'newer')).code).toBe(0);
    for (const tag of ['prod', 'latest', 'new', 'newer']) {
      expect((await workspace.run('resolve', `${place}:${tag}`)).stdout.trim()).toBe(digest);
    }
  });

  it('moves what may be moved, and never a protected tag', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const place = placeIn(registry);
    await workspace.run('push', '-a', 'doc.json', `${place}:latest`);
    await workspace.run('push', '-a', 'doc.json', `${place}:v1.0.0`);
    const pushed = (await workspace.run('push', '-a', 'changed.json', `${place}:v1.0.1`)).stdout.trim();
    const refused = await workspace.run('tag', `${place}:v1.0.1`, 'latest', 'v1.0.0', '--json');
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(errorOf(refused)).toMatchObject({ code: 'TAG_IMMUTABLE', details: { pushed } });
    expect((await workspace.run('resolve', `${place}:latest`)).stdout.trim()).not.toBe(pushed);
    expect((await workspace.run('tag', `${place}:v1.0.1`, 'latest')).code).toBe(0);
    expect((await workspace.run('resolve', `${place}:latest`)).stdout.trim()).toBe(pushed);
  });

  it('is exit 3 for what is not there, 64 without a tag, and 65 for what is no tag', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const place = placeIn(registry);
    await workspace.run('push', '-a', 'doc.json', `${place}:v1.0.0`);
    expect((await workspace.run('tag', `${place}:v9`, 'new')).code).toBe(3);
    expect((await workspace.run('tag', `${place}:v1.0.0`)).code).toBe(64);
    expect((await workspace.run('tag', place, 'new')).code).toBe(64);
    expect((await workspace.run('tag', `${place}:v1.0.0`, 'new', '-x')).code).toBe(64);
    expect((await workspace.run('tag', `${place}:v1.0.0`, 'new', 'a/b')).code).toBe(65);
    expect((await workspace.run('resolve', `${place}:new`)).code).toBe(3);
  });
});
