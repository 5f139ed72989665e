import { OciError } from '../errors.ts';
import type { Digest } from '../spec/digest.ts';

/** A manifest cannot be removed from where an index has it; `store` is the store's name. */
export function partOfIndex(store: string, manifest: Digest, index: Digest): OciError<'UNSUPPORTED'> {
  const what = `removing ${manifest} from ${store} while the index ${index} has it`;
  return new OciError('UNSUPPORTED', `${what} is not supported`, {
    what,
    instead: `The index ${index} has to be removed first`,
  });
}
