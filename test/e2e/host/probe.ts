import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';
import { packExtension } from '../support/packExtension.ts';
import { until } from '../support/until.ts';

const look = z.object({
  /** Whether our extension was active. */
  isActive: z.boolean(),
  shared: z.record(z.string(), z.union([z.string(), z.number()])),
});
const report = z.object({ before: look, after: look, put: z.string() });

/** What the probe saw before our extension was used and after, and how the host's own fetch uploads afterwards. */
type ProbeReport = z.infer<typeof report>;

/** An extension that looks at the process which it shares with ours. */
export interface Probe extends AsyncDisposable {
  readonly vsix: string;
  /** For the environment of the editor. */
  readonly env: Readonly<Record<string, string>>;
  /** Waits for its first look, which has to be taken before ours is used. */
  started(): Promise<unknown>;
  /** Waits for the report of a second look, and takes it away. */
  report(): Promise<ProbeReport>;
}

/** Packs the probe into a folder of its own. */
export async function packProbe(): Promise<Probe> {
  const folder = await mkdtemp(path.join(tmpdir(), 'floe-oci-probe-'));
  const vsix = path.join(folder, 'probe.vsix');
  const file = path.join(folder, 'report.json');
  await packExtension(path.join(import.meta.dirname, 'probe'), vsix);
  return {
    vsix,
    env: { PROBE_REPORT: file },
    started: () => until('the first look of the probe', () => stat(file)),
    report: async () => {
      const found = await until('the report of the probe', async () => {
        const { success, data } = report.safeParse(JSON.parse(await readFile(file, 'utf8')));
        return success && data;
      });
      await rm(file);
      return found;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
