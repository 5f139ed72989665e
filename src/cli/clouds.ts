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

/** The identities in clouds that a command may use. */
interface CloudSources {
  /** The one that the manifest.yaml asks for, for its own registry. */
  readonly own?: {
    readonly source: CredentialSource;
    /** The environment names it, too. */
    readonly isNamed: boolean;
  };
  /** Those that the environment names, for every other registry. */
  readonly others: CredentialSource;
}

/**
 * The identities in clouds: the one that the manifest.yaml asks for, for its own registry, and those that the environment
 * names, for every other. Whether one may go to the registry is settled before a cloud is asked: Azure's is exchanged at the
 * registry itself.
 */
export function cloudSources(
  input: CloudInput,
  own: RegistryManifest | undefined,
  checkAllowed: CheckAllowed,
): CloudSources {
  const options = optionsOf(input);
  const named = createCloudCredentials(options);
  const others: CredentialSource = {
    async credentialFor(registry, asked) {
      if (registry === own?.place.registry) return undefined;
      const cloud = cloudRegistryOf(registry)?.cloud;
      const signal = cloud && cloudSignal(cloud, input.io.env);
      if (signal === undefined) return undefined;
      await checkAllowed({ source: signal }, registry);
      return named.credentialFor(registry, asked);
    },
  };
  const by = own?.config.auth.type ?? '';
  const cloud = own && cloudOf(own.config);
  if (own === undefined || cloud === undefined) return { others };
  const source = createCloudCredentials({ ...options, chosen: { cloud, by } });
  const chosen: CredentialSource = {
    async credentialFor(registry, asked) {
      await checkAllowed({ source: by }, registry);
      return source.credentialFor(registry, asked);
    },
  };
  const isNamed =
    cloudRegistryOf(own.place.registry)?.cloud === cloud && cloudSignal(cloud, input.io.env) !== undefined;
  return { own: { source: bound(chosen, own.place.registry), isNamed }, others };
}

function optionsOf({ io, options, logger }: CloudInput): Parameters<typeof createCloudCredentials>[0] {
  const { timeout } = options;
  const connection = timeout === undefined ? {} : { timeoutSeconds: timeout };
  return { environment: io.env, engine: 'undici', connection, logger, userAgent };
}
