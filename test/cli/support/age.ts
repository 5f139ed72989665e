import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from './workspace.ts';

/** As if the registry had last been asked so many hours before. */
export async function age({ cache }: Workspace, hours: number): Promise<void> {
  const folder = join(cache, 'references');
  for (const name of await readdir(folder)) {
    const { checksum: _, ...record } = JSON.parse(await readFile(join(folder, name), 'utf8'));
    const checkedAt = new Date(Date.parse(record.checkedAt) - hours * 3_600_000).toISOString();
    await writeFile(join(folder, name), JSON.stringify({ ...record, checkedAt }));
  }
}
