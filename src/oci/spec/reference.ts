import { OciError, type OciErrorDetails } from '../errors.ts';
import { type Digest, isDigest } from './digest.ts';
import { parseRepositoryName, type RepositoryName } from './repositoryName.ts';
import { parseTag, type Tag } from './tag.ts';

/**
 * What a user types to name content, parsed.
 *
 *     oci://ghcr.io:443/acme/app:1.2.0@sha256:…      layout:/backup/app:1.2.0
 *           registry    repository tag digest               path        tag
 *
 * With both tag and digest, the digest decides.
 */
export type Reference = RegistryReference | LayoutReference;

/** A repository in a registry, or content there. */
export interface RegistryReference {
  readonly kind: 'registry';
  /** Host with port where one was given, lower case; IPv6 in brackets; Docker Hub is always `docker.io`. */
  readonly registry: string;
  readonly repository: RepositoryName;
  readonly tag?: Tag;
  readonly digest?: Digest;
}

/** An OCI image layout on disk, or content there. */
export interface LayoutReference {
  readonly kind: 'layout';
  /** Folder of an OCI image layout, as typed. */
  readonly path: string;
  readonly tag?: Tag;
  readonly digest?: Digest;
}

type Part = OciErrorDetails['INVALID_REFERENCE']['part'];

/** `oci://HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]` or `layout:PATH[:TAG][@DIGEST]`, for messages. */
export const REFERENCE_FORMS = 'oci://HOST[:PORT]/REPOSITORY[:TAG][@DIGEST] or layout:PATH[:TAG][@DIGEST]';

/**
 * `oci://` may be left out where the first component can only be a host: it has a dot, a port or brackets, or is
 * `localhost`. Nothing else is guessed; `alpine` names no registry.
 * @throws OciError INVALID_REFERENCE naming the part
 */
export function parseReference(input: string): Reference {
  if (input.startsWith('layout:')) return parseLayoutReference(input);
  return parseRegistryReference(input);
}

/** @throws OciError INVALID_REFERENCE naming the part */
export function parseRegistryReference(input: string): RegistryReference {
  const fail = failOn(input);
  const rest = withoutScheme(input, fail);
  const slash = rest.indexOf('/');
  const host = slash < 0 ? rest : rest.slice(0, slash);
  if (!input.startsWith('oci://') && !looksLikeHost(host)) {
    return fail('registry', `a registry host first: ${REFERENCE_FORMS}; a registry is never guessed`);
  }
  const registry = parseRegistryHost(host, input);
  if (slash < 0 || slash === rest.length - 1)
    return fail('repository', 'a repository after the host, such as team/product');
  const { name, tag, digest } = splitName(rest.slice(slash + 1), fail);
  const repository = parseRepositoryName(name);
  const full = registry === DOCKER_HUB && !name.includes('/') ? parseRepositoryName(`library/${name}`) : repository;
  return { kind: 'registry', registry, repository: full, ...optional({ tag, digest }) };
}

/**
 * The last `:` after the last path separator starts the tag, so that `C:\layouts\app` and `/a:b/c` are paths.
 * @throws OciError INVALID_REFERENCE naming the part
 */
export function parseLayoutReference(input: string): LayoutReference {
  const fail = failOn(input);
  const { name: path, tag, digest } = splitName(input.slice('layout:'.length), fail);
  if (path === '') return fail('path', 'a folder after layout:');
  if (/\p{Cc}/u.test(path)) return fail('path', 'a folder name without control characters');
  return { kind: 'layout', path, ...optional({ tag, digest }) };
}

/** The reference as the user would type it; `parseReference` of it gives the same again. */
export function formatReference(reference: Reference): string {
  const place =
    reference.kind === 'layout' ? `layout:${reference.path}` : `oci://${reference.registry}/${reference.repository}`;
  return `${place}${reference.tag ? `:${reference.tag}` : ''}${reference.digest ? `@${reference.digest}` : ''}`;
}

const DOCKER_HUB = 'docker.io';
/** Exact names only: a suffix match would take `evil-docker.io` for Docker Hub. */
const DOCKER_HUB_NAMES: ReadonlySet<string> = new Set([DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io']);

const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
/** Not with the flag `u`, under which the Kelvin sign would be a "k". */
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-f:.]+\\])$`, 'i');

/**
 * A registry's `host[:port]`, lower-cased; Docker Hub's names become `docker.io`. `input` is what an error quotes.
 * @throws OciError INVALID_REFERENCE with part "registry"
 */
export function parseRegistryHost(text: string, input: string = text): string {
  const fail = failOn(input);
  const port = /:([1-9]\d{0,4})$/.exec(text);
  const host = port === null ? text : text.slice(0, port.index);
  const validPort = port === null || Number(port[1]) <= 65_535;
  if (!HOST.test(host) || !URL.canParse(`http://${host}/`) || !validPort) {
    return fail('registry', 'a host name or address, IPv6 in brackets, with an optional port from 1 to 65535');
  }
  const lower = text.toLowerCase();
  return DOCKER_HUB_NAMES.has(lower) ? DOCKER_HUB : lower;
}

/** Whether the host is this machine: `localhost`, 127.0.0.0/8 or `[::1]`. Such a registry is spoken to over http by default. */
export function isLoopbackRegistry(registry: string): boolean {
  const host = registry.replace(/:\d+$/, '');
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function withoutScheme(input: string, fail: Fail): string {
  if (input.startsWith('oci://')) return input.slice('oci://'.length);
  if (input.includes('://')) return fail('scheme', REFERENCE_FORMS);
  return input;
}

function looksLikeHost(component: string): boolean {
  return /[.:[]/.test(component) || component.toLowerCase() === 'localhost';
}

function splitName(text: string, fail: Fail): { name: string; tag: Tag | undefined; digest: Digest | undefined } {
  const at = text.lastIndexOf('@');
  const hasDigest = at >= 0 && !/[/\\]/.test(text.slice(at));
  const digest = hasDigest ? text.slice(at + 1) : undefined;
  if (digest !== undefined && !isDigest(digest))
    return fail('digest', 'sha256: and 64, or sha512: and 128 lower-case hexadecimal digits');
  const rest = hasDigest ? text.slice(0, at) : text;
  const colon = rest.lastIndexOf(':');
  const hasTag = colon >= 0 && !/[/\\]/.test(rest.slice(colon));
  if (!hasTag) return { name: rest, tag: undefined, digest };
  return { name: rest.slice(0, colon), tag: parseTag(rest.slice(colon + 1)), digest };
}

type Fail = (part: Part, accepted: string) => never;

/** A password that somebody typed before the host must not reach a log. */
const USER_INFO = /^((?:[a-z]+:\/\/)?)[^/]*@(?!sha(?:256|512):)/i;

function failOn(typed: string): Fail {
  const input = typed.startsWith('layout:') ? typed : typed.replace(USER_INFO, '$1…@');
  return (part, accepted) => {
    throw new OciError('INVALID_REFERENCE', `not a reference: ${JSON.stringify(input)} (${part})`, {
      input,
      part,
      accepted,
    });
  };
}

function optional({ tag, digest }: { tag: Tag | undefined; digest: Digest | undefined }): {
  tag?: Tag;
  digest?: Digest;
} {
  return { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}
