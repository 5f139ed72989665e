import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LayoutFolder, OciError, parseLayoutReference, parseRegistryHost, type RepositoryName } from '../oci/index.ts';
import type { Session } from './session.ts';

export interface Repositories {
  /** The registry, or the folder of layouts, as it is named to people. */
  readonly registry: string;
  readonly names: AsyncIterable<RepositoryName>;
}

/**
 * The repositories of `HOST[:PORT]`, or the layouts below `layout:FOLDER`.
 * @throws OciError INVALID_REFERENCE; NOT_FOUND for a folder; UNSUPPORTED, while they are listed, without a catalog
 */
export async function repositoriesOf(session: Session, place: string): Promise<Repositories> {
  if (place.startsWith('layout:')) {
    const { path } = parseLayoutReference(place);
    const folder = resolve(session.io.cwd, path);
    if (!(await isFolder(folder))) {
      const what = `folder ${path}`;
      throw new OciError('NOT_FOUND', `there is no ${what}`, { kind: 'layout', what });
    }
    return { registry: `layout:${path}`, names: new LayoutFolder(folder).repositories(session.call) };
  }
  const host = parseRegistryHost(place.replace(/^oci:\/\/([^/]*)\/?$/, '$1'));
  return { registry: host, names: (await session.registryNamed(host)).repositories(session.call) };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
