import type { Descriptor, ManifestDescriptor } from '../../oci/index.ts';
import type { TargetIndex } from './overview.ts';

/** What a click in an overview does. */
export type Target =
  | { readonly kind: 'copy'; readonly text: string }
  /** Opens the exact bytes. */
  | { readonly kind: 'manifest' }
  | { readonly kind: 'blob'; readonly role: 'config' | 'layer'; readonly descriptor: Descriptor }
  /** Opens the overview of another manifest of the repository. */
  | { readonly kind: 'overview'; readonly descriptor: ManifestDescriptor }
  /** Opens the compiled-artifacts document where a model stands, by its place in the list. */
  | { readonly kind: 'model'; readonly layer: Descriptor; readonly position: number };

/** Everything that an overview offers to click. The page knows the places in this list and nothing else. */
export class Targets {
  readonly #targets: Target[] = [];

  add(target: Target): TargetIndex {
    return this.#targets.push(target) - 1;
  }

  at(index: TargetIndex): Target | undefined {
    return this.#targets[index];
  }
}
