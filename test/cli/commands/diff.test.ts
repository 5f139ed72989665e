import { describe, expect, it } from 'vitest';
import { startRegistry } from '../../support/registry/index.ts';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace } from '../support/workspace.ts';

describe('diff', () => {
  it('of the same artifact in two places is exit 0', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const digest = (await workspace.run('push', '-a', 'doc.json', 'layout:one:1.0.0')).stdout;
    await workspace.run('copy', 'layout:one:1.0.0', `${registry.host}/a:2.0.0`);
    const result = await workspace.run('diff', 'layout:one:1.0.0', `${registry.host}/a:2.0.0`);
    expect(result).toEqual({ ...result, code: 0, stdout: `the same: ${digest}`, stderr: '' });
    expect(registry.requests({ path: /blobs/, method: 'GET' })).toEqual([]);
    const json = await workspace.run('diff', '-r', 'layout:one', '-t', '1.0.0', `${registry.host}/a:2.0.0`, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ isSame: true, annotations: [], layers: [], document: [] });
  });

  it('of two documents is exit 1, and names the values by their paths', async () => {
    await using workspace = await makeWorkspace();
    await workspace.run('push', '-a', 'doc.json', 'layout:one:1.0.0');
    await workspace.run('push', '-a', 'changed.json', 'layout:one:1.0.1');
    const result = await workspace.run('diff', 'layout:one:1.0.0', 'layout:one:1.0.1');
    expect(result).toMatchObject({ code: 1, stderr: '' });
    expect(result.stdout.split('\n')).toEqual(
      expect.arrayContaining([
        '  - metadata.product_version: "1.2.0"',
        '  + metadata.product_version: "1.2.1"',
        '  - io.floe.product.version: "1.2.0"',
      ]),
    );
    const json = await workspace.run('diff', 'layout:one:1.0.0', 'layout:one:1.0.1', '--json');
    expect(json).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      left: { reference: 'layout:one:1.0.0' },
      isSame: false,
      layers: [{ name: 'compiled_artifacts.json' }],
      document: [{ path: 'metadata.product_version', left: '1.2.0', right: '1.2.1' }],
    });
  });

  it('of other artifacts compares manifests and layers, and no documents', async () => {
    await using workspace = await makeWorkspace({ 'a.txt': 'a', 'b.txt': 'b' });
    await workspace.run('push', 'layout:one:a', 'a.txt', '--annotation', 'k=v');
    await workspace.run('push', 'layout:one:b', 'a.txt', 'b.txt');
    const { code, stdout } = await workspace.run('diff', 'layout:one:a', 'layout:one:b', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      annotations: [{ name: 'k', left: 'v' }],
      layers: [{ name: 'b.txt', right: { size: 1 } }],
      document: null,
    });
  });

  it.each<[what: string, code: number, error: string, ...argv: string[]]>([
    ['what is not there', 3, 'NOT_FOUND', 'layout:one:1.0.0', 'layout:one:none'],
    ['one thing', 64, 'WRONG_USAGE', 'layout:one:1.0.0'],
    ['no version', 64, 'WRONG_USAGE', 'layout:one:1.0.0', 'layout:one'],
    ['what is no reference', 65, 'INVALID_REFERENCE', 'layout:one:1.0.0', 'nothing'],
  ])('of %s has its own exit code', async (_what, code, error, ...argv) => {
    await using workspace = await makeWorkspace();
    await workspace.run('push', '-a', 'doc.json', 'layout:one:1.0.0');
    const result = await workspace.run('diff', ...argv, '--json');
    expect(result).toMatchObject({ code, stdout: '' });
    expect(errorOf(result).code).toBe(error);
  });

  it('that fails in a way that would be 1 is 70', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    await workspace.run('push', '-a', 'doc.json', `${registry.host}/a:1.0.0`);
    registry.fail({ path: /manifests/, fault: { kind: 'html' } });
    const result = await workspace.run('diff', `${registry.host}/a:1.0.0`, `${registry.host}/a:1.0.0`, '--json');
    expect(result).toMatchObject({ code: 70, stdout: '' });
    expect(errorOf(result).code).toBe('INVALID_RESPONSE');
  });
});
