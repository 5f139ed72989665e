import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import {
  Availability,
  type Capabilities,
  type Credential,
  describeCredential,
  isOciError,
  type OciError,
  PROVIDER_TITLES,
  peerCertificate,
  providerByHost,
  proxyFor,
  type Registry,
  type RepositoryName,
} from '../../oci/index.ts';
import { connectionsOf, connectWith } from '../connect.ts';
import { type CredentialInput, credentialsFor, ownManifest, registriesOf } from '../credentials.ts';
import type { RegistryManifest } from '../registryManifest.ts';
import { SavedRealms } from '../savedRealms.ts';
import type { Session } from '../session.ts';
import { type Check, failed, ok, unknown } from './check.ts';

/** What is looked at: a registry, and a repository in it where one is known. */
export interface Patient {
  readonly registry: string;
  readonly repository: RepositoryName | undefined;
  /** The manifest.yaml that has a say about it. */
  readonly manifest: RegistryManifest | undefined;
}

/**
 * One registry from here, from the outside in: the credential there is for it, the way to it, whether it answers, lets us
 * in, and what it can do. Every request is made once, and what depends on one that failed is left out: a wrong password is
 * sent once.
 */
export async function* registryChecks(session: Session, patient: Patient): AsyncGenerator<Check> {
  const { io, logger, call } = session;
  const options = { ...session.options, maxAttempts: session.options.maxAttempts ?? 1 };
  const named = { reference: { kind: 'registry', registry: patient.registry } } as const;
  const input: CredentialInput = { io, options, logger, named, manifest: patient.manifest };
  const own = ownManifest(input);
  const registries = registriesOf(input);

  const found = await findCredential(input, patient, call.signal);
  yield found.check;
  const warn = (text: string): void => session.warn(text);
  yield await realmCheck(new SavedRealms({ io, registries, warn }), patient.registry);

  const availability = new Availability({ logger });
  let isAsked = false;
  const credentials = {
    credentialFor: async () => {
      isAsked = true;
      return found.credential;
    },
  };
  const { telemetry, recording } = session;
  const seen = { availability, telemetry, recording };
  const stores = await connectWith(credentials, { io, options, logger, warn, own, registries, ...seen });
  session.whenClosed(() => stores.close());
  const registry = await stores.registry(patient.registry);

  const proxy = proxyFor(registry.url, io.env);
  yield proxy === undefined
    ? ok('Proxy', 'none on the way')
    : ok('Proxy', `${proxy.origin}, by ${proxy.variable}`, { origin: proxy.origin, variable: proxy.variable });
  if (proxy === undefined) {
    yield await nameCheck(registry.url);
    const connection = (await connectionsOf({ io, options, own }))(patient.registry);
    if (registry.url.protocol === 'https:') yield await certificateCheck(registry.url, connection, call.signal);
  }

  const { check, refusal } = await pingCheck(registry, session);
  yield check;
  if (check.status !== 'failed') {
    yield signInCheck(refusal, isAsked ? found.credential : 'not asked');
    if (refusal === undefined) yield* abilityChecks(registry, patient, session);
  }
  if (refusal === undefined && check.status !== 'failed' && patient.repository !== undefined) {
    // What cannot be found out stays unknown; why that is, the checks before have said.
    const place = { registry: patient.registry, repository: patient.repository };
    await stores.probe(place, call).catch((error: unknown) => {
      if (isOciError(error, 'CANCELLED')) throw error;
    });
  }
  yield* learnedChecks(stores.capabilities(patient.registry), patient.registry);
  const [circuit] = availability.circuits.filter((each) => each.registry === patient.registry);
  if (circuit !== undefined) yield ok('Circuit', circuit.state, { ...circuit });
}

async function findCredential(
  input: CredentialInput,
  { registry, repository }: Patient,
  signal: AbortSignal | undefined,
): Promise<{ readonly check: Check; readonly credential: Credential | undefined }> {
  const name = 'Credential';
  try {
    const asked = { ...(repository && { repository }), ...(signal && { signal }) };
    const credential = await credentialsFor(input).credentialFor(registry, asked);
    if (credential === undefined) return { credential, check: ok(name, 'none: asked anonymously', { source: null }) };
    const facts = describeCredential(credential);
    const { source, username } = facts;
    const text = `${source}${username === undefined ? '' : `, user ${username}`}`;
    return { credential, check: ok(name, text, { ...facts, kind: credential.kind }) };
  } catch (error) {
    return { credential: undefined, check: failed(name, error) };
  }
}

async function realmCheck(pins: SavedRealms, registry: string): Promise<Check> {
  const origin = await pins.find(registry);
  return origin === undefined
    ? ok('Token server', 'none has had a credential of this registry', { origin: null })
    : ok('Token server', `${origin} is the one that gets the credential`, { origin });
}

async function nameCheck({ hostname }: URL): Promise<Check> {
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return ok('Name', 'an address, which needs no look-up');
  const started = performance.now();
  try {
    const addresses = (await lookup(hostname, { all: true })).map(({ address }) => address);
    const milliseconds = Math.round(performance.now() - started);
    return ok('Name', `${addresses.join(', ')} in ${milliseconds} ms`, { addresses, milliseconds });
  } catch (error) {
    // What that means for the registry, the request to it says.
    const text = `${hostname} cannot be looked up (${error instanceof Error ? error.message : error})`;
    return { name: 'Name', status: 'warning', text };
  }
}

async function certificateCheck(
  url: URL,
  connection: Parameters<typeof peerCertificate>[1],
  signal: AbortSignal | undefined,
): Promise<Check> {
  try {
    const shown = await peerCertificate(url, connection, signal);
    const { protocol, subject, issuer, validUntil, objection } = shown;
    const text = `${protocol}, for ${subject}, by ${issuer}, valid until ${validUntil}`;
    if (objection === undefined) return ok('Certificate', text, { ...shown });
    const status = 'warning';
    const but = connection.insecure === true ? 'accepted all the same, by --insecure or tls_verify' : 'not trusted';
    return { name: 'Certificate', status, text: `${text}: ${but} (${objection})`, facts: { ...shown } };
  } catch (error) {
    return failed('Certificate', error, 'warning');
  }
}

/** Whether it answers at all; a refusal is an answer. */
async function pingCheck(
  registry: Registry,
  { call }: Session,
): Promise<{ readonly check: Check; readonly refusal: OciError | undefined }> {
  const name = 'Registry';
  const url = registry.url.href;
  const started = performance.now();
  try {
    const { apiVersion = null } = await registry.ping(call);
    const firstMs = Math.round(performance.now() - started);
    const again = performance.now();
    await registry.ping(call);
    const latencyMs = Math.round(performance.now() - again);
    const says = apiVersion === null ? '' : ` with ${apiVersion}`;
    const text = `${url} answers${says}, at first in ${firstMs} ms, then in ${latencyMs} ms`;
    return { check: ok(name, text, { url, apiVersion, firstMs, latencyMs }), refusal: undefined };
  } catch (error) {
    return isRefusal(error)
      ? { check: ok(name, `${url} answers, and does not let us in`, { url }), refusal: error }
      : { check: failed(name, error), refusal: undefined };
  }
}

function isRefusal(error: unknown): error is OciError {
  return isOciError(error, 'UNAUTHORIZED') || isOciError(error, 'DENIED') || isOciError(error, 'REALM_REFUSED');
}

function signInCheck(refusal: OciError | undefined, credential: Credential | undefined | 'not asked'): Check {
  const name = 'Sign-in';
  if (refusal !== undefined) return failed(name, refusal);
  if (credential === 'not asked') return ok(name, 'nobody is asked who they are');
  return ok(name, credential === undefined ? 'let in anonymously' : 'the credential is accepted');
}

/** What its name and the answers to the other checks have shown, without a request more. */
function* learnedChecks(shown: Capabilities, registry: string): Generator<Check> {
  const provider = providerByHost(registry) ?? shown.provider;
  if (provider !== undefined) yield ok('Kind', PROVIDER_TITLES[provider], { provider });
  const { conditionalReads, maxPageSize, rateLimit } = shown;
  if (conditionalReads !== undefined) {
    const text = conditionalReads ? 'answered without content while nothing has changed' : 'answered in full each time';
    yield ok('Repeated reads', text, { conditionalReads });
  }
  if (maxPageSize !== undefined) yield ok('Lists', `pages of ${maxPageSize} entries at most`, { maxPageSize });
  if (rateLimit === undefined) return;
  const { limit, remaining, windowSeconds, resetAt } = rateLimit;
  const span = windowSeconds === undefined ? '' : ` in ${windowSeconds / 3600} hours`;
  const until = resetAt === undefined ? '' : `, anew from ${resetAt}`;
  yield ok('Rate limit', `${remaining} of ${limit} requests${span} are left${until}`, { ...rateLimit });
}

async function* abilityChecks(registry: Registry, { repository }: Patient, { call }: Session): AsyncGenerator<Check> {
  let known = repository;
  try {
    // The first one is enough, and the first page is all that is asked for.
    for await (const name of registry.repositories(call)) {
      known ??= name;
      break;
    }
    yield ok('Catalog', 'open: repositories can be listed', { catalog: 'open' });
  } catch (error) {
    if (isOciError(error, 'CANCELLED')) throw error;
    const isClosed = isRefusal(error);
    const catalog = isClosed ? 'closed' : 'none';
    const why = isClosed ? 'repositories cannot be listed with this credential' : 'repositories cannot be listed';
    yield ok('Catalog', `${catalog}: ${why}`, { catalog });
  }
  if (known === undefined) {
    yield unknown('Referrers', 'not known without a repository: name one as HOST/REPOSITORY');
    return;
  }
  try {
    const hasApi = await registry.hasReferrersApi(known, call);
    const text = hasApi ? 'by the API' : 'by tags, as the registry has no API for them';
    yield ok('Referrers', text, { referrers: hasApi ? 'api' : 'tags' });
  } catch (error) {
    yield failed('Referrers', error, 'warning');
  }
}
