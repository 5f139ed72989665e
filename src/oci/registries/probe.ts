import type { CallOptions } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import type { Registry } from '../remote/registry.ts';
import { RepositoryUrls } from '../remote/urls.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import { parseTag } from '../spec/tag.ts';
import type { HttpRequest, HttpResponse, Transport } from '../transport/transport.ts';
import type { Capabilities, Fingerprint } from './capabilities.ts';

/** How much is asked to learn what a registry can do. */
export interface ProbeOptions extends CallOptions {
  /** Also asks for what takes the right to write, in ways that change nothing. Default false. */
  readonly mayWrite?: boolean;
}

/** More than any registry gives at once; one with a limit refuses it, or gives fewer and a link. */
const MANY = 10_000;
/** No tag is named so: to ask for its removal removes nothing. */
const NO_TAG = parseTag('floe-oci-probe-of-a-tag-that-is-not-there');

/**
 * Asks one repository of a registry what it can do, a request for each thing that is not known yet, and remembers it. What
 * the answers leave open stays open; an ability is never taken for missing because a user lacks a right.
 * @throws OciError REGISTRY_UNAVAILABLE, CANCELLED; UNAUTHORIZED where the repository may not be read
 */
export async function probeCapabilities(
  {
    registry,
    transport,
    fingerprint,
  }: {
    readonly registry: Registry;
    /** The same over which `fingerprint` learns; `registry` has it as what is known of it. */
    readonly transport: Transport;
    readonly fingerprint: Fingerprint;
  },
  repository: RepositoryName,
  { mayWrite = false, ...call }: ProbeOptions = {},
): Promise<Capabilities> {
  const urls = new RepositoryUrls(registry.url, repository);
  const ask = async (method: HttpRequest['method'], url: URL, headers = {}): Promise<HttpResponse> => {
    const response = await transport.send({ method, url, headers }, call.signal ? { signal: call.signal } : {});
    await response.discard();
    return response;
  };

  if (fingerprint.current.referrersApi === undefined) {
    // Learnt from its answer, which may be about the repository instead.
    await registry.hasReferrersApi(repository, call);
  }
  if (fingerprint.current.maxPageSize === undefined) {
    const { status } = await ask('GET', urls.tags(MANY));
    // It is 1000 with all that refuse more: distribution and ECR.
    if (status === 400 || status === 405) fingerprint.learn({ maxPageSize: 1000 });
  }
  if (fingerprint.current.conditionalReads === undefined) {
    const [tag] = await firstOf(registry.repository(repository).tags(call));
    if (tag !== undefined) {
      const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, */*';
      const known = await ask('HEAD', urls.manifest(tag), { accept });
      const etag = known.headers.get('etag') ?? `"${known.headers.get('docker-content-digest') ?? ''}"`;
      const { status } = await ask('HEAD', urls.manifest(tag), { accept, 'if-none-match': etag });
      if (status === 304 || status === 200) fingerprint.learn({ conditionalReads: status === 304 });
    }
  }
  if (mayWrite && fingerprint.current.tagDeletion === undefined) {
    const { status } = await ask('DELETE', urls.manifest(NO_TAG));
    if (status === 404) fingerprint.learn({ tagDeletion: true });
  }
  return fingerprint.current;
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  try {
    for await (const item of items) return [item];
  } catch (error) {
    if (!isOciError(error, 'NOT_FOUND')) throw error;
  }
  return [];
}
