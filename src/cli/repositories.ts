import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  isOciError,
  LayoutFolder,
  OciError,
  parseLayoutReference,
  parseRegistryHost,
  type RegistryProvider,
  type RepositoryName,
} from '../oci/index.ts';
import type { Session } from './session.ts';

/** What is listed, and the names in it, read as they come. */
export interface Repositories {
  /** The registry, or the folder of layouts, as it is named to people. */
  readonly registry: string;
  readonly names: AsyncIterable<RepositoryName>;
}

/**
 * The repositories of `HOST[:PORT]`, or of a project, namespace or owner in it, `HOST[:PORT]/NAME`; or the layouts below
 * `layout:FOLDER`.
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
  const [, name = '', within] = /^(?:oci:\/\/)?([^/]*)(?:\/(.+?))?\/?$/.exec(place) ?? [];
  const host = parseRegistryHost(name, place);
  if (within !== undefined) refuseSteps(place, within);
  const reference = { kind: 'registry', registry: host } as const;
  const provider = await session.provider({ reference, by: 'REF' }, { detect: true });
  return { registry: host, names: namesIn(session, host, provider, within) };
}

/** In the address of a registry's API they would lead to something else. */
function refuseSteps(input: string, within: string): void {
  if (within.split('/').every((part) => !['', '.', '..'].includes(part))) return;
  const accepted =
    'the name of a project, namespace or owner after the registry, without parts that are empty, "." or ".."';
  throw new OciError('INVALID_REFERENCE', `not a project: ${JSON.stringify(input)}`, {
    input,
    part: 'repository',
    accepted,
  });
}

async function* namesIn(
  session: Session,
  host: string,
  provider: RegistryProvider | undefined,
  within: string | undefined,
): AsyncGenerator<RepositoryName> {
  const options = { ...session.call, ...(within !== undefined && { within }) };
  try {
    for await (const page of provider?.repositories(options) ?? []) yield* page.map(({ name }) => name);
  } catch (error) {
    if (isOciError(error, 'UNAUTHORIZED') || isOciError(error, 'DENIED')) {
      session.note(`${host} may be read all the same: "floe-oci list oci://${host}/REPOSITORY" needs no list.`);
    }
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
