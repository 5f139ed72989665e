import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, removeFolder } from './fileTree.ts';

/** A folder with `docker-credential-NAME` programs in it, which keep what they store in files of the same folder. */
export interface HelperFolder extends AsyncDisposable {
  /** For PATH; the shell that the programs are written for is on it, too. */
  readonly path: string;
  readonly folder: string;
  /** Adds a program that runs these lines of shell. */
  add(name: string, script: string): Promise<void>;
  /** Adds a program that does what Docker's own do, and writes down how it was called. */
  addStore(name: string): Promise<void>;
  /** How the programs of {@link addStore} were called: `get r.example`. */
  calls(): Promise<readonly string[]>;
}

export async function makeHelpers(): Promise<HelperFolder> {
  const folder = await makeFolder();
  const add = async (name: string, script: string): Promise<void> => {
    const file = join(folder, `docker-credential-${name}`);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  };
  return {
    folder,
    path: `${folder}:/usr/bin:/bin`,
    add,
    addStore: async (name) => {
      await mkdir(join(folder, 'kept'), { recursive: true });
      await add(name, STORE.replaceAll('FOLDER', folder));
    },
    calls: async () => (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
    [Symbol.asyncDispose]: () => removeFolder(folder),
  };
}

/** The protocol: https://github.com/docker/docker-credential-helpers#development */
const STORE = String.raw`
input=$(cat)
case $1 in
  store) address=$(printf %s "$input" | sed 's/.*"ServerURL":"\([^"]*\)".*/\1/') ;;
  *) address=$input ;;
esac
echo "$1 $address" >>FOLDER/calls
file=FOLDER/kept/$(printf %s "$address" | tr '/:' '__')
case $1 in
  store) printf %s "$input" >"$file" ;;
  erase) rm -f "$file" ;;
  get) if [ -f "$file" ]; then cat "$file"; else echo 'credentials not found in native keychain'; exit 1; fi ;;
esac`;
