import { open } from 'node:fs/promises';
import { type Header, type Pack, pack } from 'tar-stream';
import { isOciError, OciError } from '../../errors.ts';
import { readingExisting } from '../../files/fileErrors.ts';
import type { FolderEntry } from './walkFolder.ts';
import { writeTo } from './writeTo.ts';

/** The same for whoever packs: nothing of the machine, the user and the time is in the archive. */
const COMMON = { uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0) };
const MODES = { folder: 0o755, link: 0o777, file: 0o644, executable: 0o755 } as const;

/**
 * A tar archive of the entries, in their order. The same entries with the same content give the same bytes.
 * @throws OciError FILE_NOT_FOUND, FILE_NOT_READABLE also for a file that changes meanwhile, and what the entries throw
 */
export async function* writeTar(entries: AsyncIterable<FolderEntry>): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const adding = addAll(archive, entries).catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const chunk of archive) yield chunk as Uint8Array;
  } finally {
    archive.destroy();
    await adding;
  }
}

async function addAll(archive: Pack, entries: AsyncIterable<FolderEntry>): Promise<void> {
  for await (const entry of entries) {
    if (archive.destroyed) return;
    if (entry.kind === 'folder') await add(archive, { type: 'directory', name: `${entry.name}/`, mode: MODES.folder });
    else if (entry.kind === 'file') await addFile(archive, entry.name, entry.path);
    else await add(archive, { type: 'symlink', name: entry.name, linkname: entry.target, mode: MODES.link });
  }
  archive.finalize();
}

async function addFile(archive: Pack, name: string, path: string): Promise<void> {
  const file = await readingExisting(path, () => open(path));
  try {
    const { size, mode } = await readingExisting(path, () => file.stat());
    const isExecutable = (mode & 0o100) !== 0;
    const header = { type: 'file', name, size, mode: isExecutable ? MODES.executable : MODES.file } as const;
    await add(archive, header, file.createReadStream({ autoClose: false })).catch((error: unknown) => {
      if (isOciError(error) || archive.destroyed) throw error;
      const reason = 'it changed while it was read';
      throw new OciError('FILE_NOT_READABLE', `${path}: ${reason}`, { path, reason }, { cause: error });
    });
  } finally {
    await file.close();
  }
}

/** Resolves when the entry is in the archive; one with content, when the archive has been read so far. */
function add(
  archive: Pack,
  header: Partial<Header> & Pick<Header, 'name'>,
  content?: AsyncIterable<Uint8Array>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sink = archive.entry({ ...COMMON, ...header }, (error) => (error ? reject(error) : resolve()));
    if (content !== undefined) fill(sink, content).catch((error: Error) => sink.destroy(error));
  });
}

async function fill(sink: ReturnType<Pack['entry']>, content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of content) {
    if (!(await writeTo(sink, chunk))) return;
  }
  sink.end(undefined);
}
