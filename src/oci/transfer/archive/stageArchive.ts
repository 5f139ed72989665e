import { constants } from 'node:fs';
import { copyFile, mkdir, open, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '../../content/store.ts';
import { throwIfAborted } from '../../errors.ts';
import { writing } from '../../files/fileErrors.ts';
import { algorithmOf, createHasher, type Digest } from '../../spec/digest.ts';
import { checkDigest } from '../../spec/verifiedContent.ts';
import type { Names } from '../names.ts';
import { unsafePath } from '../safePath.ts';
import type { PlannedFile } from '../unpackPlan.ts';
import { contentDigestOf } from './archiveAnnotation.ts';
import type { ArchiveBudget } from './archiveLimits.ts';
import { decompressed } from './decompress.ts';
import { checkLinkTarget, parseEntryName } from './entryName.ts';
import { readTar, type TarEntry } from './readTar.ts';

/** An entry of an archive, checked, and its content at `staged` until it is moved to where it belongs. */
export type StagedEntry =
  | { readonly kind: 'folder'; readonly segments: readonly string[] }
  | { readonly kind: 'link'; readonly segments: readonly string[]; readonly staged: string; readonly target: string }
  | {
      readonly kind: 'file';
      readonly segments: readonly string[];
      readonly staged: string;
      readonly digest: Digest;
      /** Bytes. */
      readonly size: number;
    };

type StagedFile = Extract<StagedEntry, { kind: 'file' }>;

/** What an archive shares with the rest of its artifact. */
export interface StageArchiveOptions extends CallOptions {
  /** What the artifact has taken already; the archive's names come to it. */
  readonly names: Names;
  readonly budget: ArchiveBudget;
}

/** Who may run a file is all that we take of its mode; the rest is what the process gives new files. */
const EXECUTABLE = 0o100;
/** A program with these bits acts as its owner, who would be whoever unpacks it. */
const SET_ID = 0o6000;
/** Before the umask. */
const MODES = { plain: 0o666, executable: 0o777 } as const;

/**
 * Unpacks the archive in a file into a new folder `staging`, in which every entry has a number for a name: nothing that the
 * archive says decides where anything is written.
 * @throws OciError UNSAFE_PATH, LIMIT_EXCEEDED, INVALID_ARCHIVE, DIGEST_MISMATCH for another content than announced,
 * FILE_NOT_WRITABLE, CANCELLED
 */
export async function stageArchive(
  file: string,
  layer: PlannedFile,
  staging: string,
  { names, budget, signal }: StageArchiveOptions,
): Promise<readonly StagedEntry[]> {
  const { title, segments: root, descriptor } = layer;
  const entries: StagedEntry[] = [];
  const files = new Map<string, StagedFile>();
  const announced = contentDigestOf(descriptor);
  const hasher = createHasher(announced && algorithmOf(announced));
  let reached = title;

  const measured = async function* (): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of decompressed(title, file)) {
      throwIfAborted(signal);
      size += chunk.length;
      budget.checkRatio(descriptor.size, size, reached);
      budget.takeBytes(chunk.length, reached);
      if (announced) hasher.update(chunk);
      yield chunk;
    }
  };
  const take = async (entry: TarEntry): Promise<StagedEntry> => {
    const segments = parseEntryName(entry.name, root, entry.type === 'folder');
    const name = segments.join('/');
    if (entry.type === 'folder') {
      names.takeFolder(segments);
      return { kind: 'folder', segments };
    }
    // Each entry is itself: a name that comes twice has two contents, of which a reader sees one.
    const number = String(entries.length);
    names.takeFile(segments, `${descriptor.digest} ${number}`);
    const staged = join(staging, number);
    switch (entry.type) {
      case 'link':
        checkLinkTarget(entry.target, segments, root);
        await writing(staged, () => symlink(entry.target, staged));
        return { kind: 'link', segments, staged, target: entry.target };
      case 'hard link': {
        const original = files.get(parseEntryName(entry.target, root, false).join('/'));
        if (original === undefined) {
          throw unsafePath(name, `is a hard link to ${JSON.stringify(entry.target)}, which is no file before it`);
        }
        budget.takeBytes(original.size, name);
        await writing(staged, () => copyFile(original.staged, staged, constants.COPYFILE_FICLONE));
        return { ...original, segments, staged };
      }
      case 'file': {
        if (entry.mode & SET_ID) throw unsafePath(name, 'would run as its owner or group (set-user-id, set-group-id)');
        const mode = entry.mode & EXECUTABLE ? MODES.executable : MODES.plain;
        return { kind: 'file', segments, staged, ...(await writeEntry(staged, entry.content, mode)) };
      }
      case 'device':
        throw unsafePath(name, 'is a device or a pipe');
      default:
        throw unsafePath(name, 'is neither a file, a folder nor a link');
    }
  };

  await writing(staging, () => mkdir(staging));
  for await (const entry of readTar(title, measured())) {
    reached = entry.name;
    budget.takeEntry(entry.name);
    const staged = await take(entry);
    entries.push(staged);
    if (staged.kind === 'file') files.set(staged.segments.join('/'), staged);
  }
  if (announced) checkDigest({ ...descriptor, digest: announced }, hasher.digest());
  return entries;
}

/** Not synced one by one: that takes longer than all the rest, and whoever unpacks again after a power cut sees what differs. */
async function writeEntry(
  path: string,
  content: AsyncIterable<Uint8Array>,
  mode: number,
): Promise<{ readonly digest: Digest; readonly size: number }> {
  const hasher = createHasher();
  let size = 0;
  const file = await writing(path, () => open(path, 'wx', mode));
  try {
    for await (const chunk of content) {
      await writing(path, () => file.writeFile(chunk));
      hasher.update(chunk);
      size += chunk.length;
    }
  } finally {
    await file.close();
  }
  return { digest: hasher.digest(), size };
}
