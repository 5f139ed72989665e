import type { CallOptions } from './content/store.ts';
import { isOciError, type OciError } from './errors.ts';
import { describeCapabilities } from './registries/describeCapabilities.ts';
import type { Registry } from './remote/registry.ts';
import type { RepositoryName } from './spec/repositoryName.ts';
import type { Stores } from './storesOptions.ts';

/** One thing that was looked at. Its texts are English, for whoever helps: they end in bug reports. */
export interface Finding {
  readonly name: string;
  /** `warning`: works, and may not be what is meant. `unknown`: could not be looked at. */
  readonly status: 'ok' | 'warning' | 'failed' | 'unknown';
  /** What was found, for people; absent when it is `error` that says so. */
  readonly text?: string;
  /** The same for programs. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Why it failed. */
  readonly error?: unknown;
}

/** How a registry is examined. */
export interface ExamineOptions extends CallOptions {
  /** One that is known to be there; without, the first that the catalog names. */
  readonly repository?: RepositoryName | undefined;
  /** Whether the registry has wanted to know who asks, and what there was to say: asked once the first answer is in. */
  readonly signIn?: () => 'not asked' | 'anonymous' | 'credential';
}

/**
 * Whether a registry answers, lets us in, and what it can do, from the outside in. What depends on something that failed
 * is left out: a wrong password is sent once.
 * @throws OciError CANCELLED
 */
export async function* examineRegistry(
  stores: Pick<Stores, 'registry' | 'probe' | 'capabilities'>,
  host: string,
  { repository, signIn, ...call }: ExamineOptions = {},
): AsyncGenerator<Finding> {
  const registry = await stores.registry(host);
  const { finding, refusal } = await ping(registry, call);
  yield finding;
  const isThere = finding.status !== 'failed';
  if (isThere && refusal !== undefined) yield failed('Sign-in', refusal);
  if (isThere && refusal === undefined) {
    if (signIn !== undefined) yield signedIn(signIn());
    yield* abilities(registry, repository, call);
  }
  if (isThere && refusal === undefined && repository !== undefined) {
    // What cannot be found out stays unknown; why that is, the findings before have said.
    await stores.probe({ registry: host, repository }, call).catch((error: unknown) => {
      if (isOciError(error, 'CANCELLED')) throw error;
    });
  }
  const known = describeCapabilities(stores.capabilities(host), host);
  yield* known.map(({ name, text, facts }) => found(name, text, facts));
}

function found(name: string, text: string, facts?: Finding['facts']): Finding {
  return { name, status: 'ok', text, ...(facts && { facts }) };
}

function failed(name: string, error: unknown, status: 'failed' | 'warning' = 'failed'): Finding {
  if (isOciError(error, 'CANCELLED')) throw error;
  return { name, status, error };
}

/** Whether it answers at all; a refusal is an answer. */
async function ping(
  registry: Registry,
  call: CallOptions,
): Promise<{ readonly finding: Finding; readonly refusal: OciError | undefined }> {
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
    return { finding: found(name, text, { url, apiVersion, firstMs, latencyMs }), refusal: undefined };
  } catch (error) {
    return isRefusal(error)
      ? { finding: found(name, `${url} answers, and does not let us in`, { url }), refusal: error }
      : { finding: failed(name, error), refusal: undefined };
  }
}

function isRefusal(error: unknown): error is OciError {
  return isOciError(error, 'UNAUTHORIZED') || isOciError(error, 'DENIED') || isOciError(error, 'REALM_REFUSED');
}

function signedIn(as: ReturnType<NonNullable<ExamineOptions['signIn']>>): Finding {
  const texts = {
    'not asked': 'nobody is asked who they are',
    anonymous: 'let in anonymously',
    credential: 'the credential is accepted',
  };
  return found('Sign-in', texts[as]);
}

async function* abilities(
  registry: Registry,
  repository: RepositoryName | undefined,
  call: CallOptions,
): AsyncGenerator<Finding> {
  let known = repository;
  try {
    // The first one is enough, and the first page is all that is asked for.
    for await (const name of registry.repositories(call)) {
      known ??= name;
      break;
    }
    yield found('Catalog', 'open: repositories can be listed', { catalog: 'open' });
  } catch (error) {
    if (isOciError(error, 'CANCELLED')) throw error;
    const isClosed = isRefusal(error);
    const catalog = isClosed ? 'closed' : 'none';
    const why = isClosed ? 'repositories cannot be listed with this credential' : 'repositories cannot be listed';
    yield found('Catalog', `${catalog}: ${why}`, { catalog });
  }
  if (known === undefined) {
    const text = 'not known without a repository: name one as HOST/REPOSITORY';
    yield { name: 'Referrers', status: 'unknown', text };
    return;
  }
  try {
    const hasApi = await registry.hasReferrersApi(known, call);
    const text = hasApi ? 'by the API' : 'by tags, as the registry has no API for them';
    yield found('Referrers', text, { referrers: hasApi ? 'api' : 'tags' });
  } catch (error) {
    yield failed('Referrers', error, 'warning');
  }
}
