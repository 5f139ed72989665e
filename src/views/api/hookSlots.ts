import type { Disposable } from 'vscode';
import type { ArtifactSigner, SignatureVerifier } from '../../../floe-oci.d.ts';

interface Hooks {
  readonly verifier: SignatureVerifier;
  readonly signer: ArtifactSigner;
}

const METHODS: { readonly [Name in keyof Hooks]: keyof Hooks[Name] } = {
  verifier: 'verify',
  signer: 'sign',
};
const NAMES: Readonly<Record<keyof Hooks, string>> = {
  verifier: 'a signature verifier',
  signer: 'an artifact signer',
};

/** What can be there once: two verifiers with two answers would be none. Nothing of it is called here. */
export class HookSlots {
  readonly #taken: { -readonly [Name in keyof Hooks]?: Hooks[Name] } = {};

  get verifier(): SignatureVerifier | undefined {
    return this.#taken.verifier;
  }

  get signer(): ArtifactSigner | undefined {
    return this.#taken.signer;
  }

  /**
   * @throws TypeError when it is none
   * @throws Error when there is another one
   */
  add<Name extends keyof Hooks>(name: Name, hook: Hooks[Name]): Disposable {
    const what = NAMES[name];
    if (typeof hook?.[METHODS[name]] !== 'function') {
      throw new TypeError(`This is not ${what}: floe-oci.d.ts says what one is.`);
    }
    if (this.#taken[name] !== undefined) throw new Error(`Another extension has registered ${what}.`);
    const taken: { [Own in keyof Hooks]?: Hooks[Own] } = this.#taken;
    taken[name] = hook;
    return {
      dispose: () => {
        // Somebody may dispose of it again after another has taken its place.
        if (taken[name] === hook) delete taken[name];
      },
    };
  }
}
