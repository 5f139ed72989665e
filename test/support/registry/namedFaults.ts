import {
  compresses,
  cutsUploads,
  lengthensManifests,
  links,
  otherNameOf,
  storesBlobsElsewhere,
  wearsTokensOut,
  withoutHead,
} from './faultAdapters.ts';
import type { Fault, FaultRule } from './faults.ts';
import * as habits from './habits.ts';
import type { Adapter, Quirks, RegistryAuth, RegistryOptions } from './options.ts';
import { USER } from './profiles.ts';

/** One thing that goes wrong, or is done otherwise than by most, and can be asked for by its name. */
export interface NamedFault {
  /** What the registry does. */
  readonly fact: string;
  /** Who does it, or which rule says what a client makes of it. */
  readonly source: string;
  /** Whether a client can do its work all the same, or has to give up with an error. */
  readonly atBest: 'survived' | 'refused';
  /** What makes a registry do it, anew for each one. @param auth how the registry lets people in without the fault */
  readonly options: (auth: RegistryAuth | undefined) => RegistryOptions;
}

const SPEC = 'https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md';
const RFC_9110 = 'https://www.rfc-editor.org/rfc/rfc9110';
const RFC_9112 = 'https://www.rfc-editor.org/rfc/rfc9112';
const RFC_8288 = 'https://www.rfc-editor.org/rfc/rfc8288';

const MANIFESTS = /^\/v2\/.+\/manifests\//;
const BLOBS = /^\/v2\/.+\/blobs\/sha(?:256|512):/;
const OF_THE_SPEC = /^\/v2\/./;
/** Less than the smallest blob that is worth continuing, more than any manifest. */
const CUT_AFTER = 100_000;

export type FaultName = keyof typeof faults;

const faults = {
  'absolute-location': {
    fact: 'upload locations and links are absolute addresses',
    source: 'https://github.com/distribution/distribution/blob/v3.1.1/registry/handlers/blobupload.go',
    ...quirk({ locations: 'absolute' }),
  },
  'exact-location': {
    fact: 'the query of an upload location has to come back byte for byte',
    source: `${SPEC}#post-then-put`,
    ...quirk({ exactLocations: true }),
  },
  'chunk-out-of-order': {
    fact: 'the first chunk of each upload is answered with 416',
    source: `${SPEC}#pushing-a-blob-in-chunks`,
    ...rule(
      { method: 'PATCH', path: /\/blobs\/uploads\// },
      { kind: 'status', status: 416, code: 'BLOB_UPLOAD_INVALID' },
      uploadOf,
    ),
  },
  'chunks-dropped': {
    fact: 'all chunks after the first are dropped, and answered with 201',
    source: 'https://github.com/aws/containers-roadmap/issues/2831',
    ...quirk({ chunks: 'dropped' }),
  },
  'chunks-refused': {
    fact: 'chunks are answered with 405',
    source: `${SPEC}#pushing-a-blob-in-chunks`,
    ...quirk({ chunks: 'refused' }),
  },
  'small-requests': {
    fact: 'a request with a body above 256 KiB is refused with 413',
    source: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size',
    ...quirk({ maxBody: 256 * 1024 }),
    // Few clients make chunks that small, unless they are told to.
    atBest: 'refused',
  },
  'cut-upload': {
    fact: 'the first upload of more than 100 000 bytes to each repository is cut there',
    source: `${RFC_9110}#section-9.2.2`,
    ...adapters(() => cutsUploads(CUT_AFTER)),
  },
  'no-mount': {
    fact: 'a mount is answered with an upload session',
    source: `${SPEC}#mounting-a-blob-from-another-repository`,
    ...quirk({ mount: false }),
  },
  cookies: {
    fact: 'cookies are set, and whoever sends them back is held to a token against forged requests',
    source: 'https://github.com/goharbor/harbor/tree/main/src/server/middleware/csrf',
    ...adapters(() => habits.setsCookies),
  },

  'cut-blob': {
    fact: 'the first answer with each blob is cut after 100 000 bytes',
    source: `${RFC_9112}#section-8`,
    ...rule({ method: 'GET', path: BLOBS }, { kind: 'reset', afterBytes: CUT_AFTER }, (path) => path),
  },
  'short-blobs': {
    fact: 'each answer with a blob ends after 100 000 bytes at the latest, whatever its Content-Length says',
    source: `${RFC_9112}#section-8`,
    ...rule({ method: 'GET', path: BLOBS }, { kind: 'truncate', afterBytes: CUT_AFTER }),
    atBest: 'refused',
  },
  'silent-blob': {
    fact: 'the first answer with each blob stops after 100 000 bytes, and the connection stays open',
    source: `${RFC_9112}#section-9.5`,
    ...rule({ method: 'GET', path: BLOBS }, { kind: 'stall', afterBytes: CUT_AFTER }, (path) => path),
  },
  'corrupt-blobs': {
    fact: 'one byte of each blob is another',
    source: `${SPEC}#pulling-blobs`,
    ...rule({ method: 'GET', path: BLOBS }, { kind: 'corrupt' }),
    atBest: 'refused',
  },
  'redirected-blobs': {
    fact: 'blobs are redirected to another origin, where a credential is answered with 400',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html',
    ...adapters(() => storesBlobsElsewhere),
  },
  'no-ranges': {
    fact: 'a request for a part of a blob is answered with all of it',
    source: `${RFC_9110}#section-14.2`,
    ...quirk({ ranges: 'ignored' }),
  },
  'other-ranges': {
    fact: 'a request for a part of a blob is answered with another part',
    source: `${RFC_9110}#section-14.4`,
    ...quirk({ ranges: 'misplaced' }),
  },
  'refused-ranges': {
    fact: 'a request for a part of a blob is answered with 416',
    source: `${RFC_9110}#section-15.5.17`,
    ...quirk({ ranges: 'refused' }),
  },
  gzip: {
    fact: 'answers are compressed where the client accepts that',
    source: `${RFC_9110}#section-12.5.3`,
    ...adapters(() => compresses),
  },

  'no-head': {
    fact: 'HEAD of manifests and blobs is answered with 405',
    source: `${SPEC}#checking-if-content-exists-in-the-registry`,
    ...adapters(() => withoutHead),
  },
  'head-length': {
    fact: 'HEAD of a manifest says another Content-Length than GET',
    source: 'https://github.com/oras-project/oras/issues/1626',
    ...rule({ method: 'HEAD', path: MANIFESTS }, { kind: 'length', by: 7 }),
  },
  'no-length': {
    fact: 'answers with manifests do not say how long they are',
    source: `${RFC_9110}#section-8.6`,
    ...rule({ path: MANIFESTS }, { kind: 'chunked' }),
  },
  'no-digest': {
    fact: 'no answer has Docker-Content-Digest',
    source: `${SPEC}#pulling-manifests`,
    ...rule({ path: OF_THE_SPEC }, { kind: 'header', name: 'docker-content-digest', value: null }),
  },
  'other-digest': {
    fact: 'Docker-Content-Digest of manifests is that of other content',
    source: `${SPEC}#pulling-manifests`,
    ...rule({ path: MANIFESTS }, { kind: 'header', name: 'docker-content-digest', value: `sha256:${'0'.repeat(64)}` }),
    atBest: 'refused',
  },
  'other-manifests': {
    fact: 'manifests have one byte more than their Docker-Content-Digest is of',
    source: `${SPEC}#pulling-manifests`,
    ...adapters(() => lengthensManifests),
    atBest: 'refused',
  },
  'type-parameters': {
    fact: 'Content-Type of manifests has parameters',
    source: `${SPEC}#pulling-manifests`,
    ...adapters(() => async (exchange, next) => {
      const given = await next(exchange);
      const { 'content-type': type } = given.headers;
      if (!MANIFESTS.test(exchange.path) || given.status !== 200 || typeof type !== 'string') return given;
      return { ...given, headers: { ...given.headers, 'content-type': `${type}; charset=utf-8` } };
    }),
  },
  'html-manifests': {
    fact: 'a page for people is answered, with 200, where a manifest is due',
    source: 'https://github.com/oras-project/oras-go/issues/633',
    ...rule({ method: 'GET', path: MANIFESTS }, { kind: 'html' }),
    atBest: 'refused',
  },

  'null-tags': {
    fact: 'the list of no tags is null',
    source: 'https://github.com/containers/skopeo/issues/2409',
    ...quirk({ nullTags: true }),
  },
  'small-n': {
    fact: 'n above 10 is refused',
    source: 'https://github.com/google/go-containerregistry/pull/2062',
    ...quirk({ pageSize: 10, maxPageSize: 10, largePages: 'refuse' }),
  },
  'link-unquoted': {
    fact: 'the link to the next page is written rel=next',
    source: `${RFC_8288}#section-3`,
    ...adapters(() => links((target) => `<${target}>; rel=next`)),
  },
  'link-parameters': {
    fact: 'the link to the next page has a title, with a comma in it, before rel',
    source: `${RFC_8288}#section-3.4.1`,
    ...adapters(() => links((target) => `<${target}>; title="more, please"; rel="next"`)),
  },
  'link-among-others': {
    fact: 'the link to the next page comes after one to the first, in the same header',
    source: `${RFC_8288}#section-3`,
    ...adapters(() => links((target) => `<${target.replace(/\?.*/, '')}>; rel="first", <${target}>; rel="next"`)),
  },
  'link-elsewhere': {
    fact: 'the link to the next page leads to another origin',
    source: 'https://github.com/google/go-containerregistry/pull/2332',
    ...adapters(() => links((target, host) => `<http://${otherNameOf(host)}${target}>; rel="next"`)),
    atBest: 'refused',
  },
  'link-to-itself': {
    fact: 'the link to the next page leads to the same page again',
    source: `${SPEC}#listing-tags`,
    ...adapters(() => links((_, __, here) => `<${here}>; rel="next"`)),
    atBest: 'refused',
  },

  'retry-after': {
    fact: 'the first request of each method to each path is answered with 429 and Retry-After: 1',
    source: `${RFC_9110}#section-10.2.3`,
    ...rule(
      { path: OF_THE_SPEC },
      { kind: 'status', status: 429, code: 'TOOMANYREQUESTS', headers: { 'retry-after': '1' } },
      pathOf,
    ),
  },
  'retry-after-hour': {
    fact: 'each request is answered with 429 and Retry-After: 3600',
    source: `${RFC_9110}#section-10.2.3`,
    ...rule(
      { path: OF_THE_SPEC },
      { kind: 'status', status: 429, code: 'TOOMANYREQUESTS', headers: { 'retry-after': '3600' } },
    ),
    atBest: 'refused',
  },
  unavailable: {
    fact: 'the first request of each method to each path is answered with 503',
    source: `${RFC_9110}#section-15.6.4`,
    ...rule({ path: OF_THE_SPEC }, { kind: 'status', status: 503, code: 'UNAVAILABLE' }, pathOf),
  },

  'access-token': {
    fact: 'tokens come as access_token alone, without an end',
    source: 'https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md',
    ...bearer(({ tokenPath = '/token' }) => habits.tokens(tokenPath, ({ access_token }) => ({ access_token }))),
  },
  'tokens-end': {
    fact: 'a token is good for five requests, whatever it says of its end',
    source: 'https://distribution.github.io/distribution/spec/auth/token/',
    ...bearer(() => wearsTokensOut(5)),
  },
  'challenge-lower-case': {
    fact: 'the scheme of a challenge is in lower case',
    source: `${RFC_9110}#section-11.1`,
    ...bearer(() => habits.challenges((header) => header.replace(/^Bearer/, 'bearer'))),
  },
  'challenge-several': {
    fact: 'one header has challenges of several schemes, Bearer in their middle',
    source: `${RFC_9110}#section-11.6.1`,
    ...bearer(() => habits.challenges((header) => `Negotiate, ${header}, Digest realm="none", nonce="0"`)),
  },
  'challenge-no-scope': {
    fact: 'challenges name no scope',
    source: 'https://github.com/devcontainers/cli/issues/691',
    ...bearer(undefined, { unscoped: true }),
  },
  'realm-relative': {
    fact: 'the realm of a challenge is a path',
    source: 'https://github.com/regclient/regclient/commit/7b62762',
    ...bearer(({ tokenPath = '/token' }) =>
      habits.challenges((header) => header.replace(/realm="[^"]*"/, `realm="${tokenPath}"`)),
    ),
  },

  'no-referrers': {
    fact: 'there is no referrers API',
    source: `${SPEC}#unavailable-referrers-api`,
    ...quirk({ referrersApi: false }),
  },
  'referrers-pages': {
    fact: 'referrers come one a page',
    source: `${SPEC}#listing-referrers`,
    ...quirk({ referrersPageSize: 1 }),
  },
} as const satisfies Readonly<Record<string, NamedFault>>;

/** Everything that can go wrong by name. */
export const FAULTS: Readonly<Record<FaultName, NamedFault>> = faults;

/** The options of a registry with these faults besides, the last of which stands outermost. */
export function withFaults(options: RegistryOptions, names: readonly FaultName[]): RegistryOptions {
  let merged = options;
  for (const name of names) {
    const more = FAULTS[name].options(merged.auth);
    merged = {
      ...merged,
      ...more,
      quirks: { ...merged.quirks, ...more.quirks },
      adapters: [...(more.adapters ?? []), ...(merged.adapters ?? [])],
      faults: [...(merged.faults ?? []), ...(more.faults ?? [])],
    };
  }
  return merged;
}

type Kind = Pick<NamedFault, 'atBest' | 'options'>;

function quirk(quirks: Quirks): Kind {
  return { atBest: 'survived', options: () => ({ quirks }) };
}

function adapters(make: () => Adapter): Kind {
  return { atBest: 'survived', options: () => ({ adapters: [make()] }) };
}

/** @param once what of a path a fault strikes once; default: it strikes every time */
function rule(which: Omit<FaultRule, 'fault'>, fault: Fault, once?: (path: string) => string): Kind {
  return {
    atBest: 'survived',
    options: () => ({ faults: [{ ...which, fault: once ? firstOfEach(fault, once) : fault }] }),
  };
}

/** Of a registry that gives bearer tokens, to whomever it had let in otherwise. */
function bearer(adapter?: (auth: RegistryAuth) => Adapter, more: Partial<RegistryAuth> = {}): Kind {
  return {
    atBest: 'survived',
    options: (given) => {
      const auth: RegistryAuth = { ...(given ?? USER), scheme: 'bearer', ...more };
      return { auth, adapters: adapter === undefined ? [] : [adapter(auth)] };
    },
  };
}

function firstOfEach(fault: Fault, keyOf: (path: string) => string): FaultRule['fault'] {
  const seen = new Set<string>();
  return (method, path) => {
    const key = `${method} ${keyOf(path)}`;
    if (seen.has(key)) return undefined;
    seen.add(key);
    return fault;
  };
}

function uploadOf(path: string): string {
  return path.replace(/\?.*/, '');
}

/** Without the session of an upload, for each attempt has another, but with the digest that ends it. */
function pathOf(path: string): string {
  const [, start = path, digest = ''] = /^(.*\/blobs\/uploads\/)[^?]+(?:.*(digest=.*))?$/.exec(path) ?? [];
  return start + digest;
}
