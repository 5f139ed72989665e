import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type FileTree, makeFolder, removeFolder } from '../../support/fileTree.ts';
import { type CliResult, type CliWorld, runCli } from './runCli.ts';

/** The shipped sample: a document that keeps the contract. */
export const sample: Buffer = readFileSync(
  resolve(import.meta.dirname, '../../../samples/ticket-sales/target/compiled_artifacts.json'),
);

/** The sample with another product version, so with another digest. */
export const changedSample: Buffer = Buffer.from(sample.toString('utf8').replace('"1.2.0"', '"1.2.1"'));

/** A folder to work in, with the sample as `doc.json` and a changed one as `changed.json`. */
export interface Workspace extends AsyncDisposable {
  readonly folder: string;
  /** The cache of the commands that run here. */
  readonly cache: string;
  path(name: string): string;
  run(...argv: readonly string[]): Promise<CliResult>;
  runIn(world: CliWorld, ...argv: readonly string[]): Promise<CliResult>;
}

export async function makeWorkspace(tree: FileTree = {}): Promise<Workspace> {
  const folder = await makeFolder({ 'doc.json': sample, 'changed.json': changedSample, ...tree });
  const outside = await makeFolder();
  const cache = join(outside, 'cache');
  const runIn: Workspace['runIn'] = (world, ...argv) =>
    runCli(argv, { cwd: folder, ...world, env: { FLOE_OCI_CACHE_DIR: cache, ...world.env } });
  return {
    folder,
    cache,
    path: (name) => join(folder, name),
    runIn,
    run: (...argv) => runIn({}, ...argv),
    async [Symbol.asyncDispose]() {
      await removeFolder(folder);
      await removeFolder(outside);
    },
  };
}
