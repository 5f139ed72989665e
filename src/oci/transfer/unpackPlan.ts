import { Annotation } from '../spec/annotations.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { isArchive } from './archive/archiveAnnotation.ts';
import { Names } from './names.ts';
import { parseTitle } from './safePath.ts';

/** One file to be, or one folder to be that is packed: its title is a safe relative path. */
export interface PlannedFile {
  readonly title: string;
  readonly segments: readonly string[];
  readonly descriptor: Descriptor;
}

/** What an artifact would become in a folder; all names in it are safe and differ. */
export interface UnpackPlan {
  /** In the order of the layers, each once. */
  readonly files: readonly PlannedFile[];
  /** Layers that are packed folders, in their order; they may share a folder, but no file. */
  readonly archives: readonly PlannedFile[];
  /** Layers without a title, which name no file. */
  readonly skipped: readonly Descriptor[];
  /** What is taken by files and folders so far. */
  readonly names: Names;
}

/**
 * Says which files the layers become, from their titles alone.
 * @throws OciError UNSAFE_PATH naming a title that leads elsewhere, or one that takes the place of another's file or folder
 */
export function planUnpack(layers: readonly Descriptor[]): UnpackPlan {
  const names = new Names();
  const files: PlannedFile[] = [];
  const archives: PlannedFile[] = [];
  const skipped: Descriptor[] = [];
  for (const descriptor of layers) {
    const title = descriptor.annotations?.[Annotation.title];
    if (title === undefined) {
      skipped.push(descriptor);
      continue;
    }
    const segments = parseTitle(title);
    const planned = { title, segments, descriptor };
    if (isArchive(descriptor)) {
      names.takeFolder(segments);
      archives.push(planned);
    } else if (names.takeFile(segments, descriptor.digest)) {
      files.push(planned);
    }
  }
  return { files, archives, skipped, names };
}
