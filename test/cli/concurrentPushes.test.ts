import { describe, expect, it } from 'vitest';
import { startRegistry } from '../support/registry/index.ts';
import { type ProcessResult, runBinary } from './support/binary.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

/** As many processes at once; `annotation` makes what each of them pushes another manifest. */
function pushAtOnce(
  workspace: Workspace,
  place: string,
  count: number,
  annotation: (process: number) => string,
): Promise<readonly ProcessResult[]> {
  const pushes = Array.from({ length: count }, (_, i) =>
    runBinary(['push', '-a', 'doc.json', place, '--annotation', annotation(i), '--json'], { cwd: workspace.folder }),
  );
  return Promise.all(pushes);
}

const withPlaces = async (use: (workspace: Workspace, place: string) => Promise<void>): Promise<void> => {
  await using workspace = await makeWorkspace();
  await using registry = await startRegistry();
  for (const place of ['layout:out:2.0.0', `oci://${registry.host}/team/orders:2.0.0`]) await use(workspace, place);
};

describe.each([2, 10])('%i processes that push to one new protected tag at once', (count) => {
  it('leave it to one of them when what they push differs; the others end with 4 and both digests', async () => {
    await withPlaces(async (workspace, place) => {
      const results = await pushAtOnce(workspace, place, count, (i) => `n=${i}`);
      const winners = results.filter(({ code }) => code === 0);
      expect(results.map(({ code }) => code).sort()).toEqual([0, ...Array.from({ length: count - 1 }, () => 4)]);
      const { digest: existing } = JSON.parse(String(winners[0]?.stdout));
      for (const { stderr } of results.filter(({ code }) => code === 4)) {
        expect(errorOf({ stderr })).toMatchObject({
          code: 'TAG_IMMUTABLE',
          details: { existing, pushed: expect.stringMatching(/^sha256:/), onlyAnnotationsDiffer: true },
        });
      }
      const resolved = await runBinary(['resolve', place], { cwd: workspace.folder });
      expect(resolved.stdout.toString()).toBe(`${existing}\n`);
    });
  }, 120_000);

  it('all go well when what they push is the same', async () => {
    await withPlaces(async (workspace, place) => {
      const results = await pushAtOnce(workspace, place, count, () => 'n=same');
      expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
        results.map(() => ({ code: 0, stderr: '' })),
      );
      expect(new Set(results.map(({ stdout }) => JSON.parse(String(stdout)).digest)).size).toBe(1);
    });
  }, 120_000);
});
