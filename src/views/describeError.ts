import { isOciError, type OciErrorCode, type OciErrorDetails } from '../oci/index.ts';
import { formatSize } from './format.ts';
import { plainText } from './plainText.ts';

/** What a user can do about an error besides reading it; `log` is always possible. */
export type Remedy = 'retry' | 'credentials' | 'secret';

/** An error in the user's words. */
export interface ErrorDescription {
  /** The gist in a few words, where it stands below the row of what it is about. */
  readonly gist?: string;
  /** What happened, one sentence. */
  readonly sentence: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly remedies: readonly Remedy[];
  /** The registry it is about, for {@link Remedy} `credentials` and `secret`. */
  readonly registry?: string;
}

type Describe = {
  readonly [Code in OciErrorCode]: (
    details: OciErrorDetails[Code],
  ) => Omit<ErrorDescription, 'remedies'> & { readonly remedies?: readonly Remedy[] };
};

const VERIFICATION =
  'Nothing of it was kept. The registry, or something between here and there, delivered other bytes.';

const TLS_HINTS: Readonly<Record<NonNullable<OciErrorDetails['TLS_FAILED']['problem']> | 'other', string>> = {
  authority:
    'In the setting floeOci.registryOptions, caFile names the certificate of a private authority. The certificates of the system count where http.systemCertificates is on; where a proxy opens TLS, its authority has to be among them.',
  validity: "Check the clock of this machine; if it is right, the registry's certificate has to be renewed.",
  name: 'Use the name that the certificate is for.',
  'client-certificate': 'In the setting floeOci.registryOptions, clientCertFile and clientKeyFile name yours.',
  protocol:
    'A registry without TLS needs plainHttp in the setting floeOci.registryOptions. Check the port, too, and the setting http.proxy.',
  other:
    'In the setting floeOci.registryOptions, caFile names the certificate of a private authority, clientCertFile and clientKeyFile name yours.',
};

const DESCRIPTIONS: Describe = {
  INVALID_REFERENCE: ({ input, part, accepted }) => ({
    sentence: `${quote(input)} is not a reference: its ${part} is not valid.`,
    hint: `Accepted: ${accepted}.`,
  }),
  INVALID_DIGEST: ({ input, accepted }) => ({
    sentence: `${quote(input)} is not a digest.`,
    hint: `Accepted: ${accepted}.`,
  }),
  INVALID_MEDIA_TYPE: ({ input, accepted }) => ({
    sentence: `${quote(input)} is not a media type.`,
    hint: `Accepted: ${accepted}.`,
  }),
  INVALID_ARGUMENT: ({ argument, value, accepted }) => ({
    sentence: `${quote(value)} is not valid for ${argument}.`,
    hint: `Accepted: ${accepted}.`,
  }),
  INVALID_MANIFEST: ({ digest, path, reason }) => ({
    sentence: `${digest ?? 'The document'} is not a manifest${path === '' ? '' : ` at ${path}`}: ${reason}.`,
  }),
  INVALID_ARCHIVE: ({ name, reason }) => ({
    sentence: `The folder ${quote(name)} cannot be unpacked: ${reason}.`,
    hint: 'Nothing was written. The folder has to be pushed again.',
  }),
  INVALID_RESPONSE: ({ url, status, reason }) => ({
    sentence: `${hostOf(url)} answered something that is not OCI: ${reason} (HTTP ${status}).`,
    hint: 'Check that the address is that of a registry, not of its web pages or of a proxy.',
    remedies: ['retry'],
  }),
  INVALID_LAYOUT: ({ path, reason }) => ({ sentence: `${path} is not an OCI image layout: ${reason}.` }),
  INVALID_DOCUMENT: ({ file, problems }) => ({
    sentence: `${file} is not valid.`,
    hint: problems
      .slice(0, 3)
      .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
      .join(' · '),
  }),
  SECRET_IN_DOCUMENT: ({ file, paths }) => ({
    sentence: `${file} seems to hold a secret at ${paths.slice(0, 3).join(', ')}.`,
    hint: 'Put a reference to the secret there instead of its value.',
  }),
  WRONG_ARTIFACT_TYPE: ({ reference, artifactType, expected }) => ({
    sentence: `${reference} is ${artifactType ?? 'another kind of artifact'}, not ${expected}.`,
  }),
  UNSUPPORTED_VERSION: ({ file, version, supported }) => ({
    sentence: `${file} has version ${version}, which is newer than this extension understands.`,
    hint: `Supported: ${supported}.`,
  }),
  NOT_FOUND: ({ kind, what }) => ({
    sentence: `There is no ${kind === 'layout' ? '' : `${kind} `}${what}.`,
    remedies: ['retry'],
  }),
  UNAUTHORIZED: ({ registry, reason }) => ({
    gist: 'Sign in to see this',
    sentence: `${registry} wants you to sign in, or does not accept your credentials${because(reason)}.`,
    remedies: ['credentials', 'retry'],
    registry,
  }),
  DENIED: ({ registry, reason }) => ({
    gist: 'Not allowed with your credentials',
    sentence: `${registry} does not allow this with your credentials${because(reason)}.`,
    remedies: ['credentials', 'retry'],
    registry,
  }),
  REGISTRY_UNAVAILABLE: ({ registry, reason, status }) => ({
    gist: 'Cannot be reached',
    sentence: `${registry} cannot be reached${status === null ? '' : ` (HTTP ${status})`}${because(reason)}.`,
    hint: 'Check the address, your network and the setting http.proxy. Whether a registry speaks http or https says plainHttp in the setting floeOci.registryOptions.',
    remedies: ['retry'],
    registry,
  }),
  CIRCUIT_OPEN: ({ registry, failures, retryAt }) => ({
    gist: 'Left alone for a while',
    sentence: `${registry} was not available ${failures} times in a row and is left alone for now.`,
    hint: `It is tried again from ${new Date(retryAt).toLocaleTimeString()} on.`,
    remedies: ['retry'],
    registry,
  }),
  TLS_FAILED: ({ registry, reason, problem }) => ({
    gist: 'No connection that can be trusted',
    sentence: `${registry} has no connection that can be trusted${because(reason)}.`,
    hint: TLS_HINTS[problem ?? 'other'],
    remedies: ['retry'],
    registry,
  }),
  PROXY_REFUSED: ({ registry, status }) => ({
    gist: 'The proxy does not let us through',
    sentence: `The proxy does not let us through to ${registry} (HTTP ${status}).`,
    hint:
      status === 407
        ? 'It wants a user name and a password: put them into the setting http.proxy as http://USER:PASSWORD@HOST:PORT, or into http.proxyAuthorization. Hosts in http.noProxy are reached without.'
        : 'Ask whoever runs it to let this host through, or name the host in the setting http.noProxy if it is reached without a proxy.',
    remedies: ['retry'],
    registry,
  }),
  REGISTRY_ERROR: ({ url, status, errors }) => ({
    sentence: `${hostOf(url)} refused: ${errors[0] ? `${errors[0].code} ${errors[0].message}`.trim() : `HTTP ${status}`}.`,
    remedies: ['retry'],
  }),
  UNSUPPORTED: ({ what, instead }) => ({
    sentence: `Not supported there: ${what}.`,
    ...(instead === undefined ? {} : { hint: `${instead}.` }),
  }),
  REDIRECT_REFUSED: ({ from, to, reason }) => ({
    gist: 'Leads where we do not go',
    sentence: `${hostOf(from)} sent us to ${hostOf(to)}, where we do not go: ${reason}.`,
    remedies: ['retry'],
  }),
  REALM_REFUSED: ({ registry, from, to }) => ({
    gist: 'Wants your credentials sent elsewhere',
    sentence:
      from === null
        ? `${registry} wants your credentials sent to ${hostOf(to)}, which you have not allowed.`
        : `${registry} wants your credentials sent to ${hostOf(to)}, no longer to ${hostOf(from)}, which you have not allowed.`,
    hint: 'Nothing was sent there. If you did not expect it, ask whoever runs the registry; otherwise try again, and allow it.',
    remedies: ['retry'],
    registry,
  }),
  DIGEST_MISMATCH: ({ expected, actual }) => ({
    sentence: `The content is not what it should be: expected ${expected}, got ${actual}.`,
    hint: VERIFICATION,
    remedies: ['retry'],
  }),
  SIZE_MISMATCH: ({ digest, expected, actual }) => ({
    sentence: `${digest} has ${actual} bytes instead of ${expected}.`,
    hint: VERIFICATION,
    remedies: ['retry'],
  }),
  UNVERIFIED_SIGNATURE: ({ reference, status, reason }) => ({
    sentence: `${reference} is not used, for its signature is ${status}: ${reason}.`,
    hint: 'The policy artifacts.registry.verification of manifest.yaml enforces signatures. "enforcement: warn" would say so and go on.',
  }),
  LIMIT_EXCEEDED: ({ what, limit }) => ({
    sentence: `Too large: ${what}; the limit is ${what.includes('bytes') ? formatSize(limit) : limit}.`,
  }),
  MISSING_REFERENCE: ({ manifest, missing }) => ({
    sentence: `The destination lacks content of ${manifest}: ${missing.join(', ')}.`,
    remedies: ['retry'],
  }),
  TAG_IMMUTABLE: ({ reference, existing, pushed, onlyAnnotationsDiffer, refusal }) => ({
    sentence: onlyAnnotationsDiffer
      ? `${reference} exists with the same content and other annotations, and this tag may not be moved.`
      : `${reference} exists with other content, and this tag may not be moved.`,
    hint: `Choose another tag; which may be moved is ${
      refusal === undefined ? 'the setting floeOci.tags.mutablePatterns' : `up to the registry${because(refusal)}`
    }. There: ${existing}. Yours: ${pushed}.`,
  }),
  TAG_RACE: ({ reference }) => ({
    sentence: `Somebody else moved ${reference} just now.`,
    hint: 'Look at what is there before you push again.',
    remedies: ['retry'],
  }),
  UNSAFE_PATH: ({ name, reason }) => ({
    sentence: `The artifact holds a file name that is not safe, ${quote(name)}: ${reason}.`,
    hint: 'Nothing was written.',
  }),
  FILE_NOT_FOUND: ({ path }) => ({ sentence: `There is no file ${path}.` }),
  FILE_NOT_READABLE: ({ path, reason }) => ({ sentence: `${path} cannot be read: ${reason}.` }),
  FOREIGN_FOLDER: ({ path, found }) => ({
    sentence: `${path} has ${found} in it, and is no cache.`,
    hint: 'It is left alone. A folder that is empty, or not there yet, becomes a cache.',
  }),
  FILE_EXISTS: ({ path }) => ({ sentence: `${path} exists already with other content.`, hint: 'Nothing was written.' }),
  FILE_NOT_WRITABLE: ({ path, reason }) => ({ sentence: `${path} cannot be written: ${reason}.`, remedies: ['retry'] }),
  LOCKED: ({ path }) => ({ sentence: `Another process is working on ${path}.`, remedies: ['retry'] }),
  LOCK_LOST: ({ path }) => ({
    sentence: `Another process took over ${path} while we were working on it.`,
    remedies: ['retry'],
  }),
  MISSING_CREDENTIAL: ({ reference, reason, registry }) => ({
    gist: 'A secret is missing',
    sentence: `The credential ${reference} is missing: ${reason}.`,
    remedies: registry === undefined ? ['retry'] : ['secret', 'retry'],
    ...(registry === undefined ? {} : { registry }),
  }),
  CANCELLED: () => ({ sentence: 'Cancelled.' }),
};

/** An error in the user's words, free of links and control characters, whatever a registry put into it. */
export function describeError(error: unknown): ErrorDescription {
  if (!isOciError(error)) {
    return { sentence: plainText(error instanceof Error ? error.message : String(error)), remedies: ['retry'] };
  }
  const describe = DESCRIPTIONS[error.code] as (details: unknown) => ReturnType<Describe[OciErrorCode]>;
  const { gist, sentence, hint, remedies = [], registry } = describe(error.details);
  return {
    ...(gist === undefined ? {} : { gist }),
    sentence: plainText(sentence),
    ...(hint === undefined || hint === '' ? {} : { hint: plainText(hint) }),
    remedies,
    ...(registry === undefined ? {} : { registry }),
  };
}

/** Sentence and hint as one text. */
export function explain({ sentence, hint }: ErrorDescription): string {
  return hint === undefined ? sentence : `${sentence} ${hint}`;
}

function because(reason: string): string {
  return reason === '' ? '' : `: ${reason.replace(/\.$/, '')}`;
}

function quote(text: string): string {
  return JSON.stringify(plainText(text, 100));
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
