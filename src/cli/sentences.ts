import { DEFAULT_TAG_PATTERNS } from '../floe/tagPatterns.ts';
import type { DocumentProblem, OciErrorCode, OciErrorDetails } from '../oci/index.ts';

/** What a person reads about an error: what is wrong, and what to do or what is accepted. */
export interface Sentence {
  readonly message: string;
  readonly hint: string;
  /** One line for each of several problems. */
  readonly problems?: readonly string[];
}

type Sentences = { readonly [Code in OciErrorCode]: (details: OciErrorDetails[Code]) => Sentence };

const REFERENCE_FORMS = 'oci://HOST[:PORT]/REPOSITORY[:TAG][@DIGEST] or layout:PATH[:TAG][@DIGEST]';
const TRY_AGAIN = 'Try again; if it stays, tell the people who run the registry.';

const NOT_FOUND_HINTS: Readonly<Record<OciErrorDetails['NOT_FOUND']['kind'], string>> = {
  layout: 'Check the path; push creates a layout that is not there yet.',
  repository:
    'Check the spelling; push creates a repository, or "push --create" where the registry wants it made first. A registry may also answer so to whoever may not see it.',
  tag: 'Check the spelling; "floe-oci list" shows the tags of a repository.',
  manifest: 'Check tag or digest; "floe-oci list" shows what is there.',
  blob: 'The artifact is incomplete where it is stored; push it again.',
};

const TLS_HINTS: Readonly<Record<NonNullable<OciErrorDetails['TLS_FAILED']['problem']> | 'other', string>> = {
  authority:
    'Name the certificate of its authority, or of a proxy that opens TLS, with --ca-file, or for all programs in NODE_EXTRA_CA_CERTS.',
  validity: "Check the clock of this machine; if it is right, the registry's certificate has to be renewed.",
  name: 'Use the name that the certificate is for, or have one made for this name.',
  'client-certificate': 'Name your certificate with --cert, and its key with --key.',
  protocol: 'A registry without TLS needs --plain-http. Check the port, too, and HTTPS_PROXY if there is a proxy.',
  other:
    'Name its certificate authority with --ca-file, and --cert with --key if it wants a client certificate. A registry without TLS needs --plain-http.',
};

const SENTENCES: Sentences = {
  INVALID_REFERENCE: ({ input, part, accepted }) => ({
    message: `"${input}" is no reference: its ${part} is not valid.`,
    hint: `Accepted: ${accepted}.${accepted.includes(REFERENCE_FORMS) ? '' : ` A reference is ${REFERENCE_FORMS}.`}`,
  }),
  INVALID_DIGEST: ({ input, accepted }) => ({
    message: `"${input}" is no digest.`,
    hint: `Accepted: ${accepted}.`,
  }),
  INVALID_MEDIA_TYPE: ({ input, accepted }) => ({
    message: `"${input}" is no media type.`,
    hint: `Accepted: ${accepted}.`,
  }),
  INVALID_ARGUMENT: ({ argument, value, accepted }) => ({
    message: `"${value}" is not a value for ${argument}.`,
    hint: `Accepted: ${accepted}.`,
  }),
  INVALID_MANIFEST: ({ digest, path, reason }) => ({
    message: `${digest ?? 'The content'} is no manifest: ${path === '' ? 'it' : path} ${reason}.`,
    hint: 'Nothing was written. The artifact has to be pushed again by a client that follows the OCI image specification.',
  }),
  INVALID_ARCHIVE: ({ name, reason }) => ({
    message: `The folder "${name}" cannot be unpacked: ${reason}.`,
    hint: 'Nothing was written. Push the folder again, or pull the artifact with the tool that made it.',
  }),
  INVALID_RESPONSE: ({ method, url, status, reason }) => ({
    message: `The answer to ${method} ${url} (status ${status}) is not one of an OCI registry: ${reason}.`,
    hint: `${['GET', 'HEAD'].includes(method) ? 'Nothing was written. ' : ''}Check host, port and path: a proxy or a web page may be answering in the place of the registry.`,
  }),
  INVALID_LAYOUT: ({ path, reason }) => ({
    message: `No OCI image layout: "${path}" ${reason}.`,
    hint: 'A layout is a folder with the files oci-layout and index.json and the folder blobs. Push to a folder that does not exist to start one.',
  }),
  INVALID_DOCUMENT: ({ file, problems }) => ({
    message: `${file} is not valid.`,
    problems: problems.map(problemText),
    hint: 'Correct the document and repeat the command; nothing was written.',
  }),
  SECRET_IN_DOCUMENT: ({ file, paths }) => ({
    message: `${file} holds what looks like a secret, and was not pushed.`,
    problems: paths,
    hint: 'Put a reference to the secret there; or, if it is no secret, repeat the command with --allow-secrets.',
  }),
  WRONG_ARTIFACT_TYPE: ({ reference, artifactType, expected }) => ({
    message: `${reference} is another kind of artifact: ${artifactType ?? 'it does not say which'}, where ${expected} is needed.`,
    hint: '"floe-oci pull REF -o FOLDER" pulls the files of any artifact, and "floe-oci inspect" shows what it is.',
  }),
  UNSUPPORTED_VERSION: ({ file, version, supported }) => ({
    message: `${file} has version ${version}, which this client does not know.`,
    hint: `Supported: ${supported}. Update floe-oci to read newer documents.`,
  }),
  NOT_FOUND: ({ kind, what, offline }) => ({
    message: `Not found: ${what}.`,
    hint: offline ? 'Without --offline the registry is asked.' : NOT_FOUND_HINTS[kind],
  }),
  UNAUTHORIZED: ({ registry, reason }) => ({
    message: `${registry} wants to know who is asking: ${reason}.`,
    hint: `Sign in with "floe-oci login ${registry}", or set FLOE_REGISTRY_USERNAME and FLOE_REGISTRY_PASSWORD, or FLOE_REGISTRY_TOKEN, to what this registry accepts.`,
  }),
  DENIED: ({ registry, reason }) => ({
    message: `${registry} does not allow this: ${reason}.`,
    hint: 'The user is known but lacks the right: ask for pull or push access to the repository, or use other credentials.',
  }),
  REGISTRY_UNAVAILABLE: ({ registry, reason, status, retryAfterSeconds }) => ({
    message:
      status === null ? `${registry} cannot be reached: ${reason}.` : `${registry} answered ${status}: ${reason}.`,
    hint: retryAfterSeconds
      ? `It asks to be left alone for ${retryAfterSeconds} seconds. ${TRY_AGAIN}`
      : status !== null
        ? `The registry itself has the problem. ${TRY_AGAIN}`
        : 'Check host, port, network and proxy (HTTPS_PROXY, NO_PROXY). A registry without TLS needs --plain-http.',
  }),
  CIRCUIT_OPEN: ({ registry, failures, retryAt }) => ({
    message: `${registry} was not asked: it was not available ${failures} times in a row.`,
    hint: `It is tried again from ${retryAt} on. How often and how long is circuit_breaker in manifest.yaml.`,
  }),
  TLS_FAILED: ({ registry, reason, problem }) => ({
    message: `No secure connection to ${registry}: ${reason}.`,
    hint: TLS_HINTS[problem ?? 'other'],
  }),
  PROXY_REFUSED: ({ registry, proxy, status }) => ({
    message: `The proxy ${proxy ?? 'on the way'} does not let us through to ${registry}: it answered ${status}.`,
    hint:
      status === 407
        ? 'It wants a user name and a password: put them into HTTPS_PROXY (or HTTP_PROXY) as http://USER:PASSWORD@HOST:PORT, with %40 for an @. NO_PROXY names hosts that are reached without.'
        : 'Ask the people who run it to let this host through, or name the host in NO_PROXY if it is reached without a proxy.',
  }),
  REGISTRY_ERROR: ({ method, url, status, errors }) => ({
    message: `The registry answered ${status} to ${method} ${url}.`,
    problems: errors.map(({ code, message }) => (message === '' ? code : `${code}: ${message}`)),
    hint: TRY_AGAIN,
  }),
  UNSUPPORTED: ({ what, instead }) => ({
    message: `Not supported: ${what}.`,
    hint:
      instead === undefined
        ? 'The place that was asked cannot do this; other registries and layouts may.'
        : `${instead}.`,
  }),
  REDIRECT_REFUSED: ({ from, to, reason }) => ({
    message: `${from} leads to ${to}, where we do not go: ${reason}.`,
    hint: 'Credentials and content stay with the registry that was named. Ask the people who run it for its proper address.',
  }),
  REALM_REFUSED: ({ registry, from, to }) => ({
    message:
      from === null
        ? `${registry} wants the credential sent to ${to}, another place that is reached without TLS; nothing was sent there.`
        : `${registry} wants the credential sent to ${to}, where it went to ${from} before; nothing was sent there.`,
    hint: `If you know that ${to} belongs to the registry, set FLOE_REGISTRY_REALM=${to}, or run "floe-oci login ${registry}" on a terminal, which asks. If you did not expect it, ask the people who run the registry.`,
  }),
  DIGEST_MISMATCH: ({ expected, actual }) => ({
    message: `The content is not what its digest says: expected ${expected}, got ${actual}.`,
    hint: 'No file was written. The content was changed or damaged on the way or where it is stored; pull it from another place or push it again.',
  }),
  SIZE_MISMATCH: ({ digest, expected, actual }) => ({
    message: `${digest} has ${actual} bytes instead of ${expected}.`,
    hint: 'No file was written. The content was cut short or changed; try again, or push it again.',
  }),
  UNVERIFIED_SIGNATURE: ({ reference, status, reason, environment, isVerifiable }) => ({
    message: `${reference} is not used, for its signature is ${status}: ${reason}.`,
    hint: `${enforcing(environment)} enforces signatures${isVerifiable ? '.' : ', and nothing here verifies any: it stops every pull.'} Verify it with "cosign verify", and let "enforcement: warn" for this environment go on.`,
  }),
  MISSING_SBOM: ({ reference, reason, environment }) => ({
    message: `${reference} is not used, for an SBOM is asked for, and ${reason}.`,
    hint: `${enforcing(environment)} says require_sbom. Attach one with "floe-oci attach ${reference} FILE --artifact-type application/spdx+json".`,
  }),
  LIMIT_EXCEEDED: ({ what, limit }) => ({
    message: `More than is accepted: ${what}, at most ${limit}.`,
    hint: 'Nothing was written.',
  }),
  MISSING_REFERENCE: ({ manifest, missing }) => ({
    message: `${manifest} cannot be stored, because content it names is not there.`,
    problems: missing,
    hint: 'Repeat the command: content that was removed meanwhile is sent again.',
  }),
  TAG_IMMUTABLE: ({ reference, existing, pushed, onlyAnnotationsDiffer, refusal }) => ({
    message: `${reference} exists and is protected: it is ${existing}, this push would make it ${pushed}.`,
    hint: onlyAnnotationsDiffer
      ? 'Only annotations differ: use the same annotations to repeat the push, or a new version number.'
      : refusal === undefined
        ? `Use a new version number. Tags that may be moved are: ${DEFAULT_TAG_PATTERNS.mutable.join(', ')}.`
        : `Use a new version number. The registry itself keeps this tag: ${refusal.replace(/\.$/, '')}.`,
  }),
  TAG_RACE: ({ reference, expected, actual }) => ({
    message: `Somebody else moved ${reference} meanwhile: it is ${actual}, not ${expected}.`,
    hint: 'Look at what is there now, and repeat the push if it is still right.',
  }),
  UNSAFE_PATH: ({ name, reason }) => ({
    message: `The file name "${name}" ${reason}.`,
    hint: 'Nothing was written. Accepted are names that lead to a file inside the folder on every platform, each once: without control characters, colons, backslashes and "..".',
  }),
  FILE_NOT_FOUND: ({ path }) => ({
    message: `There is no file "${path}".`,
    hint: 'Check the spelling, and the folder it is relative to.',
  }),
  FILE_NOT_READABLE: ({ path, reason }) => ({
    message: `"${path}" cannot be read (${reason}).`,
    hint: 'A file that you may read is accepted.',
  }),
  FOREIGN_FOLDER: ({ path, found }) => ({
    message: `"${path}" has "${found}" in it, and is no cache.`,
    hint: 'It is left alone. A folder that is empty, or not there yet, becomes a cache.',
  }),
  FILE_EXISTS: ({ path }) => ({
    message: `"${path}" is there already, with other content.`,
    hint: 'Nothing was written. Choose another folder with -o, or replace the file with --force.',
  }),
  FILE_NOT_WRITABLE: ({ path, reason, inTheWay }) => ({
    message: `"${path}" cannot be written (${reason}).`,
    hint:
      inTheWay === undefined
        ? 'Choose a place that has room, and that you may write to.'
        : `Remove or rename "${inTheWay}", or choose another place.`,
  }),
  LOCKED: ({ path }) => ({
    message: `Another program is changing "${path}".`,
    hint: 'Wait for it to end, and try again.',
  }),
  LOCK_LOST: ({ path }) => ({
    message: `The lock on "${path}" was taken by another program.`,
    hint: 'Nothing was written after that. Try again.',
  }),
  MISSING_CREDENTIAL: ({ reference, reason }) => ({
    message: `The credential ${reference} cannot be used: ${reason}.`,
    hint: 'Give the credential as it says, or none at all to ask anonymously.',
  }),
  CANCELLED: () => ({ message: 'Cancelled.', hint: 'What had been started has ended.' }),
};

/** `line 3: metadata.product_name is missing` */
export function problemText({ path, message, line }: DocumentProblem): string {
  return `${line === undefined ? '' : `line ${line}: `}${path === '' ? 'the document' : path} ${message}`;
}

/** The sentence for a code and its facts. Text from outside is in it as it came: whoever prints it makes it visible. */
export function sentenceFor<Code extends OciErrorCode>(code: Code, details: OciErrorDetails[Code]): Sentence {
  const sentence = SENTENCES[code](details);
  // A reason that a registry gave may be a sentence already.
  return { ...sentence, message: sentence.message.replace(/\.{2,}$/, '.') };
}

/** Whose rule it is that something is not used. */
function enforcing(environment: string | null): string {
  const where = environment === null ? '' : ` for the environment ${environment}`;
  return `The policy artifacts.registry.verification of manifest.yaml${where}`;
}
