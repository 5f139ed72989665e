import { hasWebPages } from '../../oci/index.ts';
import type { Place } from '../places.ts';

/** `page` where the registry has pages in the web, else nothing: the menus ask for it. */
export function pageFlag({ hosting }: Place): readonly string[] {
  const kind = hosting?.kind;
  return kind !== undefined && hasWebPages(kind) ? ['page'] : [];
}
