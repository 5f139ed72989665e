import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startRegistry } from '../support/registry/index.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace } from './support/workspace.ts';

describe('a command that is cancelled', () => {
  it('before it has begun does nothing', async () => {
    await using workspace = await makeWorkspace();
    const signal = AbortSignal.abort();
    const result = await workspace.runIn({ signal }, 'push', '-a', 'doc.json', 'layout:out:v1', '--json');
    expect(result).toMatchObject({ code: 130, stdout: '' });
    expect(errorOf(result).code).toBe('CANCELLED');
    expect(existsSync(workspace.path('out'))).toBe(false);
  });

  it('half-way ends with exit 130, and leaves neither a tag nor a file', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', 'v1.0.0'];
    const cancelAt = async (path: RegExp, ...argv: string[]): Promise<number> => {
      const controller = new AbortController();
      registry.clearRequests();
      registry.fail({ path, times: 1, fault: { kind: 'stall', afterBytes: 0 } });
      const running = workspace.runIn({ signal: controller.signal }, ...argv);
      await expect.poll(() => registry.requests({ path }).length).toBeGreaterThan(0);
      controller.abort();
      return (await running).code;
    };
    expect(await cancelAt(/\/blobs\/uploads/, 'push', '-a', 'doc.json', ...place)).toBe(130);
    expect([...registry.repository('team/orders').tags]).toEqual([]);
    registry.clearFaults();
    expect((await workspace.run('push', '-a', 'doc.json', ...place)).code).toBe(0);
    expect(await cancelAt(/\/blobs\/sha256/, 'pull', ...place, '-o', 'out.json')).toBe(130);
    expect(await readdir(workspace.folder)).toEqual(['changed.json', 'doc.json']);
  });
});

describe('progress', () => {
  it('is drawn on a terminal only, and taken away', async () => {
    await using workspace = await makeWorkspace();
    const push = ['push', '-a', 'doc.json', 'layout:out:v1'];
    const { code, stderr } = await workspace.runIn({ columns: 80 }, ...push);
    expect(code).toBe(0);
    const [first, drawn, ...rest] = stderr.split('\r\u001b[2K');
    expect(first).toBe('');
    expect(drawn).toMatch(/^push: .* of .*, \d of \d done$/);
    expect(rest.at(-1)).toBe('');
    expect(
      (await workspace.runIn({ columns: 80 }, 'push', '-a', 'changed.json', 'layout:out:latest', '--json')).stderr,
    ).toBe('');
  });
});
