import type { CallOptions } from './content/store.ts';
import { askCloud } from './credentials/cloud/askCloud.ts';
import { cloudSignal, missing } from './credentials/cloud/cloudEnvironment.ts';
import { cloudRegistryOf } from './credentials/cloud/cloudRegistry.ts';
import type { Environment } from './credentials/environment.ts';
import { OciError } from './errors.ts';
import type { EcrApi } from './registries/ecr.ts';
import type { EcrParts } from './registries/providers.ts';
import { quotable } from './transport/redact.ts';

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

/**
 * Amazon's API for one registry. The SDK is loaded with the first call, and finds the identity itself, where the environment
 * names one: nobody's machine is searched for another.
 * @param isPublic for a registry whose name does not say it
 */
export function amazonParts(
  registry: string,
  isPublic: boolean,
  environment: Environment,
): EcrParts & { close(): void } {
  const known = cloudRegistryOf(registry);
  const own = known?.cloud === 'aws' && known.kind === 'private' ? known : undefined;
  let loading: Promise<Sdk> | undefined;
  const ask = async <T>(
    call: CallOptions,
    what: string,
    task: (sdk: Sdk, call: CallOptions) => Promise<T>,
  ): Promise<T> => {
    if (cloudSignal('aws', environment) === undefined) {
      throw missing('AWS', 'nothing in the environment names an identity, as AWS_PROFILE or AWS_ACCESS_KEY_ID would');
    }
    loading ??= loadSdk(isPublic, own, environment);
    const sdk = await loading;
    const signal = call.signal ?? new AbortController().signal;
    return askCloud('AWS', signal, async (ending) => {
      try {
        return await task(sdk, { signal: ending });
      } catch (error) {
        throw errorOf(error, registry, what);
      }
    });
  };
  const api: EcrApi = {
    repositories: (token, call) => ask(call, registry, (sdk, own) => sdk.repositories(token, own)),
    repository: (name, call) => ask(call, `${registry}/${name}`, (sdk, own) => sdk.repository(name, own)),
    images: (name, token, call) => ask(call, `${registry}/${name}`, (sdk, own) => sdk.images(name, token, own)),
    create: (name, call) =>
      ask(call, `${registry}/${name}`, async (sdk, own) => {
        try {
          await sdk.create(name, own);
          return 'created';
        } catch (error) {
          if (nameOf(error) === 'RepositoryAlreadyExistsException') return 'existed';
          throw error;
        }
      }),
    tagsBeside: (name, tag, call) =>
      ask(call, `${registry}/${name}:${tag}`, (sdk, own) => sdk.tagsBeside(name, tag, own)),
    remove: (name, version, call) =>
      ask(call, `${registry}/${name}`, async (sdk, own) => {
        const failure = await sdk.remove(name, version, own);
        if (failure === undefined) return;
        const what = `${registry}/${name}${'tag' in version ? `:${version.tag}` : `@${version.digest}`}`;
        const kind = 'tag' in version ? 'tag' : 'manifest';
        if (/^ImageNotFound/.test(failure)) throw new OciError('NOT_FOUND', `${what}: ${failure}`, { kind, what });
        throw new OciError('DENIED', `${what}: ${failure}`, { registry, reason: quotable(failure) });
      }),
  };
  const place = own && { account: own.account, region: own.region };
  return {
    api,
    place: place ?? (isPublic ? undefined : { account: '', region: environment['AWS_REGION'] ?? '' }),
    close: () => void loading?.then((sdk) => sdk.close()),
  };
}

async function loadSdk(
  isPublic: boolean,
  own:
    | { readonly account: string; readonly region: string; readonly isFips: boolean; readonly isDualStack: boolean }
    | undefined,
  environment: Environment,
) {
  if (isPublic) return (await import('./credentials/cloud/ecrPublicApi.ts')).createEcrPublicApi(environment);
  return (await import('./credentials/cloud/ecrApi.ts')).createEcrApi({ ...own, environment });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** What the SDK throws, as far as it is about more than the identity: that is for {@link askCloud} to say. */
function errorOf(error: unknown, registry: string, what: string): unknown {
  const name = nameOf(error);
  if (name === 'ImageNotFoundException') {
    return new OciError('NOT_FOUND', `${what} is not there`, { kind: 'tag', what });
  }
  if (name === 'RepositoryNotFoundException') {
    return new OciError('NOT_FOUND', `${what} is not there`, { kind: 'repository', what });
  }
  if (name === 'AccessDeniedException' || name === 'LimitExceededException') {
    const reason = quotable(error instanceof Error ? error.message : name);
    return new OciError('DENIED', `${registry}: ${reason}`, { registry, reason });
  }
  if (name === 'ThrottlingException' || name === 'ServerException') {
    return new OciError('REGISTRY_UNAVAILABLE', `${registry}: ${name}`, { registry, reason: name, status: null });
  }
  return error;
}
