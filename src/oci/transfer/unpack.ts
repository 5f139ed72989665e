import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ReadableStore } from '../content/store.ts';
import { readVerified } from '../content/verify.ts';
import { OciError, throwIfAborted } from '../errors.ts';
import { sweepParts } from '../files/partialFile.ts';
import { type StagedFile, sweepTemporaryFiles, temporaryName } from '../files/temporaryFile.ts';
import type { Descriptor, ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { isImageIndex, parseManifest } from '../spec/manifest.ts';
import { ArchiveBudget, type ArchiveLimits } from './archive/archiveLimits.ts';
import { announced, type TransferListener } from './events.ts';
import { fileStateOf, type PlacedEntry, type PlaceState, placeEntry, unpublish } from './placedEntry.ts';
import { inScope, type Scope, type ScopeOptions } from './scope.ts';
import { type StageContentOptions, stageContent } from './stageContent.ts';
import { type Place, TargetFolder } from './targetFolder.ts';
import { type PlannedFile, planUnpack, type UnpackPlan } from './unpackPlan.ts';

/** How an artifact becomes files. */
export interface UnpackOptions extends ScopeOptions {
  /** Replaces files that have other content; default false. */
  readonly force?: boolean;
  readonly onEvent?: TransferListener;
  /** How much packed folders may hold; default {@link ARCHIVE_LIMITS}. */
  readonly limits?: ArchiveLimits;
}

/** A file that came out of an artifact. */
export interface UnpackedFile {
  /** In the folder, as the caller named it. A packed folder is one file here. */
  readonly path: string;
  /** That of the layer. */
  readonly digest: Digest;
  /** Bytes of the layer. */
  readonly size: number;
  /** `existed`: the same content was there, and was left alone. */
  readonly outcome: 'written' | 'existed';
}

/** What unpacking has come to. */
export interface UnpackResult {
  /** In the order of the layers, folders last. */
  readonly files: readonly UnpackedFile[];
  /** Layers without a title. */
  readonly skipped: readonly Descriptor[];
}

/**
 * Writes every layer with a title to the file of that name in a folder, and unpacks those that are packed folders. Nothing
 * appears before all of it is there, verified, beside its place; when anything fails, temporary files, new files and new
 * folders are gone, but for what has arrived of a large layer that was cut short, which the next run there takes. Only a
 * file that `force` has already replaced, when the system then refuses to rename another, stays replaced.
 * @throws OciError UNSAFE_PATH, FILE_EXISTS, FILE_NOT_WRITABLE, LIMIT_EXCEEDED, INVALID_ARCHIVE, UNSUPPORTED for an index,
 * CANCELLED, and what the store throws
 */
export async function unpack(
  store: ReadableStore,
  manifest: ManifestDescriptor,
  folder: string,
  options: UnpackOptions = {},
): Promise<UnpackResult> {
  return inScope(options, async (scope) => {
    const { run, all, signal } = scope;
    const parsed = parseManifest(await run(() => readVerified(store, manifest, { signal })));
    if (isImageIndex(parsed)) {
      throw new OciError('UNSUPPORTED', `${manifest.digest} is an index`, {
        what: 'unpacking an index; name one of its manifests by digest',
      });
    }
    const plan = planUnpack(parsed.layers);
    const target = await TargetFolder.open(folder);
    const files = await all(plan.files.map((file) => run(() => placeFile(file, target, signal))));
    if (options.force !== true) refuseDifferent(files, target, folder);
    const folders = await write({ store, plan, target, scope, folder, options }, files);
    const report = ({ segments, descriptor: { digest, size } }: PlannedFile, isSame: boolean): UnpackedFile => {
      return { path: join(folder, ...segments), digest, size, outcome: isSame ? 'existed' : 'written' };
    };
    return {
      skipped: plan.skipped,
      files: [
        ...files.map((file) => report(file, file.state === 'same')),
        ...folders.map(({ archive, entries }) => report(archive, entries.every(isSame))),
      ],
    };
  });
}

interface PlacedFile extends PlannedFile, Place {
  readonly state: PlaceState;
}

interface PlacedFolder {
  readonly archive: PlannedFile;
  readonly entries: readonly PlacedEntry[];
}

interface Unpacking {
  readonly store: ReadableStore;
  readonly plan: UnpackPlan;
  readonly target: TargetFolder;
  readonly scope: Scope;
  /** As the caller named it. */
  readonly folder: string;
  readonly options: UnpackOptions;
}

function isSame({ state }: { readonly state: PlaceState }): boolean {
  return state === 'same';
}

async function placeFile(file: PlannedFile, target: TargetFolder, signal: AbortSignal): Promise<PlacedFile> {
  const place = await target.place(file.title, file.segments);
  return { ...file, ...place, state: await fileStateOf(place, file.descriptor, signal) };
}

/** @throws OciError FILE_EXISTS naming the first in its way, in the folder as the caller named it */
function refuseDifferent(
  placed: readonly { readonly path: string; readonly state: PlaceState }[],
  target: TargetFolder,
  folder: string,
): void {
  const blocked = placed.find(({ state }) => state === 'different');
  if (blocked === undefined) return;
  const path = join(folder, target.relativePathOf(blocked.path));
  throw new OciError('FILE_EXISTS', `${path} exists with other content`, { path });
}

async function write(unpacking: Unpacking, files: readonly PlacedFile[]): Promise<readonly PlacedFolder[]> {
  const { plan, target, folder, options } = unpacking;
  const { run, all, signal } = unpacking.scope;
  const staged: { readonly file: PlacedFile; readonly staging: StagedFile }[] = [];
  const staging = target.pathOf([temporaryName()]);
  const published: string[] = [];
  await sweep(target, files);
  try {
    if (plan.archives.length > 0) await target.prepareFolder(staging);
    const writing = files.map((file) =>
      run(() =>
        announced(file.descriptor, options.onEvent, async () => {
          if (isSame(file)) return 'existed';
          staged.push({
            file,
            staging: await stageLayer(unpacking, file.descriptor, file.path, { mode: modeOf(file) }),
          });
          return 'written';
        }),
      ),
    );
    const budget = new ArchiveBudget(options.limits);
    const unfolding = plan.archives.map((archive, index) =>
      run(() => placeArchive(unpacking, archive, join(staging, String(index)), budget)),
    );
    await all<unknown>([...writing, ...unfolding]);
    const folders = await all(unfolding);
    const entries = folders.flatMap((placed) => placed.entries);
    if (options.force !== true) refuseDifferent(entries, target, folder);
    throwIfAborted(signal);
    for (const { file, staging } of staged) {
      await staging.publish();
      if (file.state === 'absent') published.push(file.path);
    }
    for (const entry of entries) {
      if (isSame(entry)) continue;
      await entry.publish();
      if (entry.state === 'absent' && entry.kind !== 'folder') published.push(entry.path);
    }
    await rm(staging, { recursive: true, force: true });
    return folders;
  } catch (error) {
    await Promise.all(staged.map(({ staging }) => staging.discard(error)));
    await unpublish(published);
    await rm(staging, { recursive: true, force: true });
    await target.undo();
    throw error;
  }
}

/** Removes what killed processes left where this one is about to write; where that does not work, it does not matter here. */
async function sweep(target: TargetFolder, files: readonly Place[]): Promise<void> {
  const folders = new Set([target.pathOf([]), ...files.map(({ path }) => dirname(path))]);
  for (const folder of folders) {
    await sweepTemporaryFiles(folder).catch(() => {});
    await sweepParts(folder);
  }
}

/** Permissions of a file stay when its content is replaced. */
function modeOf({ existing }: PlacedFile): number | undefined {
  return existing?.isFile() ? existing.mode & 0o777 : undefined;
}

async function stageLayer(
  { store, target, scope: { signal }, options }: Unpacking,
  descriptor: Descriptor,
  path: string,
  { mode, folder }: Pick<StageContentOptions, 'mode' | 'folder'>,
): Promise<StagedFile> {
  await target.prepare(path);
  return stageContent(store, descriptor, path, { signal, mode, folder, onEvent: options.onEvent });
}

/** The layer is there whole and verified before a byte of it is uncompressed. */
async function placeArchive(
  unpacking: Unpacking,
  archive: PlannedFile,
  staging: string,
  budget: ArchiveBudget,
): Promise<PlacedFolder> {
  const { target, plan, scope, options } = unpacking;
  const { signal } = scope;
  const path = `${staging}.layer`;
  const entries: PlacedEntry[] = [];
  await announced(archive.descriptor, options.onEvent, async () => {
    const folder = target.pathOf([]);
    await (await stageLayer(unpacking, archive.descriptor, path, { folder })).publish();
    // Most artifacts have no folders, and need no reader of archives.
    const { stageArchive } = await import('./archive/stageArchive.ts');
    const staged = await stageArchive(path, archive, staging, { names: plan.names, budget, signal });
    await rm(path);
    for (const entry of staged) entries.push(await placeEntry(entry, target, signal));
    return 'written';
  });
  return { archive, entries };
}
