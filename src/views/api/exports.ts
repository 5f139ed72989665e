import type { FloeOciApi, FloeOciExports } from '../../../floe-oci.d.ts';
import type { Contributions } from './contributions.ts';

/** What the API does with content; all of it needs the core. */
export type ApiCalls = Pick<FloeOciApi, 'push' | 'pull' | 'inspect' | 'list'>;

const VERSION = 1;

/**
 * What `activate` returns: see floe-oci.d.ts. Whoever asks for it loads nothing by that.
 * @param calls loads what does the work on the first call
 */
export function createExports(contributions: Contributions, calls: () => Promise<ApiCalls>): FloeOciExports {
  const api: FloeOciApi = Object.freeze({
    version: VERSION,
    push: async (...given) => (await calls()).push(...given),
    pull: async (...given) => (await calls()).pull(...given),
    inspect: async (...given) => (await calls()).inspect(...given),
    list: async (...given) => (await calls()).list(...given),
    registerCredentialSource: (source) => contributions.addCredentialSource(source),
    registerArtifactRenderer: (renderer) => contributions.addRenderer(renderer),
    registerSecretsBackend: (source, backend) => contributions.addBackend(source, backend),
    registerSignatureVerifier: (verifier) => contributions.hooks.add('verifier', verifier),
    registerArtifactSigner: (signer) => contributions.hooks.add('signer', signer),
  } satisfies FloeOciApi);
  return {
    getApi: (version) => {
      if (version === VERSION) return api;
      throw new Error(`This Floe OCI has version ${VERSION} of its API, and not version ${String(version)}.`);
    },
  };
}
