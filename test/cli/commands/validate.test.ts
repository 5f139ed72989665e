import { readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace } from '../support/workspace.ts';

describe('validate', () => {
  it('counts what it has checked, of one tag or of all', async () => {
    await using workspace = await makeWorkspace();
    await workspace.run('push', '-a', 'doc.json', 'layout:store:v1.0.0');
    await workspace.run('push', '-a', 'changed.json', 'layout:store:v2.0.0');
    expect(await workspace.run('validate', 'layout:store:v1.0.0')).toMatchObject({
      code: 0,
      stdout: '3 checked, all as they should be\n',
      stderr: '',
    });
    const all = await workspace.run('validate', '-r', 'layout:store', '--json');
    expect(JSON.parse(all.stdout)).toEqual({ reference: 'layout:store', checked: 5, problems: [] });
  });

  it('names what is damaged and what is missing, and fails', async () => {
    await using workspace = await makeWorkspace();
    const digest = (await workspace.run('push', '-a', 'doc.json', 'layout:store:v1.0.0')).stdout.trim();
    const { config, layers } = JSON.parse((await workspace.run('inspect', 'layout:store:v1.0.0', '--raw')).stdout);
    const file = (name: string): string => workspace.path(`store/blobs/${name.replace(':', '/')}`);
    const bytes = await readFile(file(layers[0].digest));
    bytes[0] = 0;
    await writeFile(file(layers[0].digest), bytes);
    await rm(file(config.digest));
    const json = await workspace.run('validate', 'layout:store:v1.0.0', '--json');
    expect(json.code).toBe(6);
    expect(JSON.parse(json.stdout)).toMatchObject({
      checked: 3,
      problems: [
        { digest: config.digest, path: [digest], code: 'NOT_FOUND' },
        { digest: layers[0].digest, path: [digest], code: 'DIGEST_MISMATCH' },
      ],
    });
    expect(errorOf(json)).toMatchObject({ code: 'VERIFICATION_FAILED', details: { problems: 2, checked: 3 } });
    const text = await workspace.run('validate', 'layout:store:v1.0.0');
    expect(text.code).toBe(6);
    expect(text.stdout.split('\n').map((line) => line.split(': ', 1)[0])).toEqual([
      config.digest,
      layers[0].digest,
      '',
    ]);
  });
});
