import { Uri } from 'vscode';
import {
  Annotation,
  type Descriptor,
  type Digest,
  isDigest,
  isRepositoryName,
  isTag,
  OciError,
  parseRegistryHost,
  type RepositoryName,
  shortDigest,
  type Tag,
} from '../oci/index.ts';
import { layoutName } from './layoutName.ts';
import type { Place } from './places.ts';
import { plainText } from './plainText.ts';

/*
 * oci://HOST[:PORT]/REPOSITORY@DIGEST/NAME?ref=TAG&manifest=DIGEST
 * oci-layout://local/REPOSITORY@DIGEST/NAME?ref=TAG&manifest=DIGEST
 * oci-layout:///FOLDER@DIGEST/NAME?ref=TAG&manifest=DIGEST
 *
 * A file in a layer that is a tar archive has its path there in `entry`. NAME is the tab's title. `manifest` is that which names the content, absent where the content is a manifest. With
 * `indented=true` JSON is laid out on lines of its own, to be compared; without, the bytes are exact. All that is needed to
 * read the content again is in the URI, so that a tab outlives the window.
 */

/** Of documents in a registry. */
export const REGISTRY_SCHEME = 'oci';
/** Of documents in an image layout. */
export const LAYOUT_SCHEME = 'oci-layout';
/** The authority of the Local store; other layouts have none. */
const LOCAL = 'local';

/** What a document shows. */
export interface DocumentAddress {
  readonly place:
    | { readonly kind: 'registry'; readonly registry: string }
    | { readonly kind: 'local' }
    /** Any image layout, by its folder: absolute, with `/` between the parts. */
    | { readonly kind: 'layout'; readonly path: string };
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly tag?: Tag;
  /** The manifest that names the content; absent where the content is itself a manifest. */
  readonly manifest?: Digest;
  /** The path of a file in the layer, which is a tar archive; absent: the content itself. */
  readonly entry?: string;
  /** JSON is laid out on lines of its own; absent: the bytes are exact. */
  readonly isIndented?: true;
}

/** What {@link documentUri} makes a URI from; a row of the tree is one. */
export interface DocumentSource {
  readonly place: Pick<Place, 'kind' | 'id' | 'folder'>;
  readonly repository: RepositoryName;
  readonly tag?: Tag;
  readonly role: 'config' | 'layer' | 'manifest';
  readonly descriptor: Descriptor;
  readonly manifest?: Digest;
  /** See {@link DocumentAddress.entry}. */
  readonly entry?: string;
  /** See {@link DocumentAddress.isIndented}; default false. */
  readonly isIndented?: boolean;
}

/** The address that a document is opened by; the same for the same content under the same tag. */
export function documentUri(source: DocumentSource): Uri {
  const { place, repository, tag, role, descriptor, manifest, entry, isIndented = false } = source;
  const query = new URLSearchParams();
  if (tag !== undefined) query.set('ref', tag);
  if (manifest !== undefined && role !== 'manifest') query.set('manifest', manifest);
  if (entry !== undefined) query.set('entry', entry);
  if (isIndented) query.set('indented', 'true');
  const ending = (entry !== undefined && fileNameOf(entry)) || endingOf(role, descriptor);
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  // A manifest of an index is not what the tag names.
  const isTagged = tag !== undefined && !(role === 'manifest' && manifest !== undefined);
  const name = `${last}@${isTagged ? tag : shortDigest(descriptor.digest)}.${ending}`;
  return Uri.from({
    scheme: place.kind === 'registry' ? REGISTRY_SCHEME : LAYOUT_SCHEME,
    authority: place.kind === 'layout' ? '' : place.kind === 'local' ? LOCAL : place.id,
    path: `${place.folder ?? `/${repository}`}@${descriptor.digest}/${name}`,
    query: query.toString().replaceAll('%3A', ':'),
  });
}

/**
 * The address in a URI, whoever wrote it.
 * @throws OciError INVALID_REFERENCE naming the part
 */
export function parseDocumentUri(uri: Uri): DocumentAddress {
  const fail = (part: 'scheme' | 'registry' | 'repository' | 'digest' | 'path' | 'tag'): never => {
    throw new OciError('INVALID_REFERENCE', `not the address of a document: ${uri.toString()} (${part})`, {
      input: uri.toString(true),
      part,
      accepted: 'oci://HOST[:PORT]/REPOSITORY@DIGEST/NAME?ref=TAG',
    });
  };
  const place = placeIn(uri) ?? fail('scheme');
  // A folder may have an @ in its name, a repository has none.
  const at = place.kind === 'layout' ? uri.path.lastIndexOf('@', uri.path.lastIndexOf('/')) : uri.path.indexOf('@');
  const [digest = '', name, ...rest] = uri.path.slice(at + 1).split('/');
  if (at < 0 || name === undefined || name === '' || rest.length > 0) return fail('path');
  const named = uri.path.slice(0, at);
  const repository = place.kind === 'layout' ? layoutName(named) : named.slice(1);
  if (!isRepositoryName(repository)) return fail('repository');
  if (!isDigest(digest)) return fail('digest');
  const query = new URLSearchParams(uri.query);
  const tag = query.get('ref') ?? undefined;
  const manifest = query.get('manifest') ?? undefined;
  const entry = query.get('entry') ?? undefined;
  if (tag !== undefined && !isTag(tag)) return fail('tag');
  if (manifest !== undefined && !isDigest(manifest)) return fail('digest');
  return {
    place: place.kind === 'layout' ? { kind: 'layout', path: named } : place,
    repository,
    digest,
    ...(tag === undefined ? {} : { tag }),
    ...(manifest === undefined ? {} : { manifest }),
    ...(entry !== undefined && { entry }),
    ...(query.get('indented') === 'true' && { isIndented: true }),
  };
}

function placeIn({ scheme, authority, path }: Uri): DocumentAddress['place'] | undefined {
  if (scheme === REGISTRY_SCHEME) return { kind: 'registry', registry: parseRegistryHost(authority) };
  if (scheme !== LAYOUT_SCHEME) return undefined;
  if (authority === LOCAL) return { kind: 'local' };
  return authority === '' ? { kind: 'layout', path } : undefined;
}

/** What the content is called where it becomes a file: a layer by its title. */
export function documentName({ role, descriptor }: Pick<DocumentSource, 'role' | 'descriptor'>): string {
  return endingOf(role, descriptor);
}

function endingOf(role: DocumentSource['role'], descriptor: Descriptor): string {
  if (role !== 'layer') return `${role}.json`;
  const title = fileNameOf(descriptor.annotations?.[Annotation.title] ?? '');
  return title === '' ? `layer.${extensionOf(descriptor.mediaType)}` : title;
}

/** The last part of a layer's title, without what a file name cannot have. The editor picks the language by it. */
function fileNameOf(title: string): string {
  const last = title.split(/[/\\]/).at(-1) ?? '';
  return plainText(last, 100).replace(/[?#%@:*"<>|]/g, '_');
}

function extensionOf(mediaType: string): string {
  if (mediaType.endsWith('+json')) return 'json';
  if (mediaType.endsWith('+gzip')) return 'tar.gz';
  if (mediaType.endsWith('+zstd')) return 'tar.zst';
  return mediaType.endsWith('.tar') ? 'tar' : 'bin';
}
