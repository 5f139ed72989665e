import { cloudOf } from '../floe/registrySettings.ts';
import {
  bound,
  type Credential,
  type CredentialSource,
  cloudRegistryOf,
  cloudSignal,
  createCloudCredentials,
  type Logger,
  userAgent,
} from '../oci/index.ts';
import type { CliIo } from './io.ts';
import type { GlobalOptions } from './options.ts';
import type { RegistryManifest } from './registryManifest.ts';

/** Throws unless a credential from there may go to the registry, which may be a question to a person. */
export type CheckAllowed = (from: Pick<Credential, 'source'>, registry: string) => Promise<void>;

interface CloudInput {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  readonly logger: Logger;
}

/** What comes before and after the files of other clients. */
interface CloudSources {
  readonly first: readonly CredentialSource[];
  readonly last: readonly CredentialSource[];
}

/**
 * The identities in clouds: the one that the manifest.yaml asks for, for its own registry, and those that the environment
 * names, for every other. The first comes before the files of other clients where the environment names it, too; elsewhere,
 * as on a developer's machine, after them. Whether it may go to the registry is settled before a cloud is asked: Azure's is
 * exchanged at the registry itself.
 */
export function cloudSources(
  input: CloudInput,
  own: RegistryManifest | undefined,
  checkAllowed: CheckAllowed,
): CloudSources {
  const options = optionsOf(input);
  const named = createCloudCredentials(options);
  const others: CredentialSource = {
    credentialFor: async (registry, asked) =>
      registry === own?.place.registry ? undefined : named.credentialFor(registry, asked),
  };
  const by = own?.config.auth.type ?? '';
  const cloud = own && cloudOf(own.config);
  if (own === undefined || cloud === undefined) return { first: [], last: [others] };
  const source = createCloudCredentials({ ...options, chosen: { cloud, by } });
  const chosen: CredentialSource = {
    async credentialFor(registry, asked) {
      await checkAllowed({ source: by }, registry);
      return source.credentialFor(registry, asked);
    },
  };
  const forOwn = bound(chosen, own.place.registry);
  const isNamed =
    cloudRegistryOf(own.place.registry)?.cloud === cloud && cloudSignal(cloud, input.io.env) !== undefined;
  return { first: isNamed ? [forOwn] : [], last: [forOwn, others] };
}

function optionsOf({ io, options, logger }: CloudInput): Parameters<typeof createCloudCredentials>[0] {
  const { timeout } = options;
  const connection = timeout === undefined ? {} : { timeoutSeconds: timeout };
  return { environment: io.env, engine: 'undici', connection, logger, userAgent };
}
