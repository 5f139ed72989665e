import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';

/** A file's text or bytes, a folder, or a symbolic link. */
export type FileTree = { readonly [name: string]: string | Uint8Array | FileTree | Link };

export class Link {
  readonly to: string;

  constructor(to: string) {
    this.to = to;
  }
}

/** A new folder of the test's own, with what is in the literal. */
export async function makeFolder(tree: FileTree = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'floe-oci-test-'));
  await writeTree(root, tree);
  return root;
}

export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

export async function writeTree(root: string, tree: FileTree): Promise<void> {
  for (const [name, entry] of Object.entries(tree)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    if (entry instanceof Link) await symlink(entry.to, path);
    else if (typeof entry === 'string' || entry instanceof Uint8Array) await writeFile(path, entry);
    else {
      await mkdir(path);
      await writeTree(path, entry);
    }
  }
}

/** Everything below a folder, by path with `/`: a file's text, `-> target` for a link, `null` for a folder. */
export async function readTree(root: string): Promise<Readonly<Record<string, string | null>>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const pairs = entries.map(async (entry): Promise<readonly [string, string | null]> => {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1).replaceAll(sep, '/');
    if (entry.isDirectory()) return [name, null];
    return [name, entry.isSymbolicLink() ? `-> ${await readlink(path)}` : await readFile(path, 'utf8')];
  });
  return Object.fromEntries((await Promise.all(pairs)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
