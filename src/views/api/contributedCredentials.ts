import * as z from 'zod/mini';
import type {
  SecretsBackend as ContributedBackend,
  CredentialSource as ContributedSource,
} from '../../../floe-oci.d.ts';
import type {
  Credential,
  CredentialOptions,
  CredentialSource,
  Logger,
  SecretReference,
  SecretsBackend,
} from '../../oci/index.ts';
import { plainText } from '../plainText.ts';
import { contained } from './contained.ts';
import type { Contributions } from './contributions.ts';

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('basic'), username: z.string(), password: z.string() }),
  z.object({ kind: z.literal('identityToken'), token: z.string(), username: z.optional(z.string()) }),
  z.object({ kind: z.literal('registryToken'), token: z.string() }),
]);

/** What other extensions know, asked one after the other until one does. */
export class ContributedCredentials implements CredentialSource {
  readonly #contributions: Pick<Contributions, 'credentialSources'>;
  readonly #logger: Logger;

  constructor(contributions: Pick<Contributions, 'credentialSources'>, logger: Logger) {
    this.#contributions = contributions;
    this.#logger = logger;
  }

  /** Never fails because of them; see {@link contained}. */
  async credentialFor(registry: string, { signal }: CredentialOptions = {}): Promise<Credential | undefined> {
    for (const source of this.#contributions.credentialSources) {
      const found = await this.#ask(source, registry, signal);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #ask(source: ContributedSource, registry: string, signal: AbortSignal | undefined) {
    const label = plainText(source.label, 60);
    return await contained(
      `credential source ${label}`,
      (token) => source.credentialFor(registry, token),
      (given) => credentialIn(given, label),
      { logger: this.#logger, signal },
    );
  }
}

function credentialIn(given: unknown, source: string): Credential | undefined {
  const { success, data } = answer.safeParse(given);
  if (!success) return undefined;
  if (data.kind !== 'identityToken') return { ...data, source };
  const { username, ...token } = data;
  return { ...token, ...(username !== undefined && { username }), source };
}

/** Those who answer for secrets of sources that are not read here, by source. */
export function contributedBackends(
  contributions: Pick<Contributions, 'backends'>,
  logger: Logger,
): Readonly<Record<string, SecretsBackend>> {
  return Object.fromEntries(
    [...contributions.backends].map(([source, backend]) => [source, backendOver(source, backend, logger)]),
  );
}

function backendOver(name: string, backend: ContributedBackend, logger: Logger): SecretsBackend {
  return {
    read: ({ source, name: secret, key }: SecretReference, { signal }: CredentialOptions = {}) =>
      contained(
        `secrets backend ${plainText(name, 60)}`,
        (token) => backend.read({ source, name: secret, ...(key && { key }) }, token),
        (given) => (typeof given === 'string' && given !== '' ? given : undefined),
        { logger, signal },
      ),
  };
}
