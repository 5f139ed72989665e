import * as z from 'zod/mini';
import { OciError } from '../errors.ts';
import { runCredentialHelper } from './credentialHelper.ts';
import type { Credential, CredentialOptions } from './credentials.ts';
import { Deadline } from './deadline.ts';
import type { Environment } from './environment.ts';
import { dockerKey } from './registryKey.ts';
import { SharedTasks } from './sharedTasks.ts';

/** Minutes that an answer is used again: a tree of hundred repositories must not start a hundred programs. */
const REMEMBERED_MINUTES = 5;

/** What a helper answers to `get`. Some leave `ServerURL` out, which nobody needs. */
const answerSchema = z.object({ Username: z.optional(z.string()), Secret: z.optional(z.string()) });

/** The user name that stands for "the secret is an identity token". */
export const IDENTITY_TOKEN_USERNAME = '<token>';

/** What credential helpers know, remembered for a while unless it was refused. */
export class HelperCredentials {
  readonly #environment: Environment;
  readonly #tasks = new SharedTasks<Credential | undefined>();
  readonly #remembered = new Map<string, { readonly credential: Credential | undefined; readonly until: Deadline }>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /**
   * What `docker-credential-HELPER` knows about a registry.
   * @throws OciError MISSING_CREDENTIAL naming the helper and the registry
   */
  async find(helper: string, registry: string, options: CredentialOptions = {}): Promise<Credential | undefined> {
    const key = `${helper} ${registry}`;
    const remembered = this.#remembered.get(key);
    if (remembered !== undefined && !remembered.until.isOver && !options.isRefused) return remembered.credential;
    const credential = await this.#tasks.run(key, (signal) => this.#ask(helper, registry, signal), options.signal);
    this.#remembered.set(key, { credential, until: new Deadline(REMEMBERED_MINUTES * 60_000) });
    return credential;
  }

  async #ask(helper: string, registry: string, signal: AbortSignal): Promise<Credential | undefined> {
    const options = { environment: this.#environment, registry, signal };
    for (const address of addressesOf(registry)) {
      const answer = await runCredentialHelper(helper, 'get', address, options);
      const credential = answer === undefined ? undefined : credentialIn(answer, helper, registry);
      if (credential !== undefined) return credential;
    }
    return undefined;
  }
}

/** How programs that store credentials name the registry: Docker first, then others. */
export function addressesOf(registry: string): readonly string[] {
  const key = dockerKey(registry);
  return key === registry ? [registry, `https://${registry}`] : [key, registry];
}

function credentialIn(answer: string, helper: string, registry: string): Credential | undefined {
  const source = `docker-credential-${helper}`;
  const parsed = answerSchema.safeParse(jsonIn(answer));
  if (!parsed.success) {
    const reason = `its answer about ${registry} is not JSON with Username and Secret`;
    throw new OciError('MISSING_CREDENTIAL', `${source}: ${reason}`, { reference: source, reason });
  }
  const { Username: username = '', Secret: secret = '' } = parsed.data;
  // Some say so, with code 0, that they know nothing.
  if (username === '' || (secret === '' && username === IDENTITY_TOKEN_USERNAME)) return undefined;
  if (username === IDENTITY_TOKEN_USERNAME) return { kind: 'identityToken', token: secret, source };
  return { kind: 'basic', username, password: secret, source };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
