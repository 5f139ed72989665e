import { FileSystemError, l10n } from 'vscode';
import { type Descriptor, isOciError, type ReadableStore, readLayerFile } from '../oci/index.ts';
import { formatSize } from './format.ts';
import type { LayerConsent } from './layerConsent.ts';

/** Milliseconds. An editor asks for the size of a file and then for the file, and each takes the whole layer to know. */
const KEPT = 10_000;

/** Files in layers that are tar archives. The last one is kept for a moment. */
export class EntryContents {
  readonly #consent: Pick<LayerConsent, 'isAllowed'>;
  #last: { readonly key: string; readonly bytes: Promise<Uint8Array> } | undefined;

  constructor(consent: Pick<LayerConsent, 'isAllowed'>) {
    this.#consent = consent;
  }

  /** @throws FileSystemError for one in a layer that nobody has wanted to be read; OciError what `readLayerFile` throws */
  async read(store: ReadableStore, layer: Descriptor, path: string, maxSize: number): Promise<Uint8Array> {
    if (!this.#consent.isAllowed(layer)) {
      const size = formatSize(layer.size);
      throw FileSystemError.Unavailable(
        l10n.t('This file is in a layer of {0}: unfold that in the tree to have it read.', size),
      );
    }
    const key = `${layer.digest} ${path}`;
    const bytes = this.#last?.key === key ? this.#last.bytes : this.#remember(key, store, layer, path, maxSize);
    return await bytes;
  }

  #remember(key: string, store: ReadableStore, layer: Descriptor, path: string, maxSize: number): Promise<Uint8Array> {
    const bytes = readLayerFile(store, layer, path, { maxSize }).catch((error: unknown) => {
      if (!isOciError(error, 'LIMIT_EXCEEDED')) throw error;
      const limit = formatSize(maxSize);
      throw FileSystemError.Unavailable(l10n.t('This has more than the {0} that an editor takes: use Pull.', limit));
    });
    const last = { key, bytes };
    this.#last = last;
    const forget = (): void => {
      if (this.#last === last) this.#last = undefined;
    };
    bytes.then(() => setTimeout(forget, KEPT).unref(), forget);
    return bytes;
  }
}
