import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import {
  Availability,
  type Credential,
  describeCredential,
  examineRegistry,
  type Finding,
  peerCertificate,
  proxyFor,
  type RepositoryName,
} from '../../oci/index.ts';
import { connectionsOf, connectWith } from '../connect.ts';
import { type CredentialInput, credentialsFor, ownManifest, registriesOf } from '../credentials.ts';
import type { RegistryManifest } from '../registryManifest.ts';
import { SavedRealms } from '../savedRealms.ts';
import type { Session } from '../session.ts';
import { type Check, failed, ok } from './check.ts';

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

  const signIn = () => (isAsked ? (found.credential === undefined ? 'anonymous' : 'credential') : 'not asked');
  const { repository } = patient;
  for await (const finding of examineRegistry(stores, patient.registry, { ...call, repository, signIn })) {
    yield checkOf(finding);
  }
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

function checkOf({ name, status, text = '', facts, error }: Finding): Check {
  if (error !== undefined) return failed(name, error, status === 'warning' ? 'warning' : 'failed');
  return { name, status, text, ...(facts && { facts }) };
}
