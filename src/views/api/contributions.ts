import { type Disposable, EventEmitter } from 'vscode';
import type { ArtifactRenderer, CredentialSource, SecretsBackend } from '../../../floe-oci.d.ts';
import { HookSlots } from './hookSlots.ts';

/** Read by the extension itself, from where nobody else has a say. */
const OWN_SOURCES: readonly string[] = ['env', 'kubernetes'];

/** What other extensions have added. Nothing of theirs is called here. */
export class Contributions implements Disposable {
  /** What they have put in the place of what floe's client does by itself. */
  readonly hooks: HookSlots = new HookSlots();
  readonly #credentialSources = new Set<CredentialSource>();
  readonly #renderers = new Set<ArtifactRenderer>();
  readonly #backends = new Map<string, SecretsBackend>();
  readonly #credentialsChanged = new EventEmitter<void>();
  readonly #looksChanged = new EventEmitter<void>();

  /** Other credentials may be known than before. */
  readonly onDidChangeCredentials = this.#credentialsChanged.event;
  /** Artifacts may look other than before. */
  readonly onDidChangeLooks = this.#looksChanged.event;

  /** In the order of their registration, as the others are. */
  get credentialSources(): readonly CredentialSource[] {
    return [...this.#credentialSources];
  }

  get renderers(): readonly ArtifactRenderer[] {
    return [...this.#renderers];
  }

  /** By the source that references name. */
  get backends(): ReadonlyMap<string, SecretsBackend> {
    return this.#backends;
  }

  /** @throws TypeError when it is none */
  addCredentialSource(source: CredentialSource): Disposable {
    check('a credential source', typeof source?.label === 'string' && typeof source.credentialFor === 'function');
    // Registered twice, it is there twice, and each registration ends by itself.
    const added = { label: source.label, credentialFor: source.credentialFor.bind(source) };
    const subscription = source.onDidChange?.(() => this.#credentialsChanged.fire());
    this.#credentialSources.add(added);
    this.#credentialsChanged.fire();
    return onceDisposed(() => {
      subscription?.dispose();
      this.#credentialSources.delete(added);
      this.#credentialsChanged.fire();
    });
  }

  /** @throws TypeError when it is none */
  addRenderer(renderer: ArtifactRenderer): Disposable {
    const { artifactTypes } = renderer ?? {};
    const isTypes = Array.isArray(artifactTypes) && artifactTypes.every((type) => typeof type === 'string');
    check('an artifact renderer', isTypes && typeof renderer.render === 'function');
    const added = { artifactTypes: [...artifactTypes], render: renderer.render.bind(renderer) };
    this.#renderers.add(added);
    this.#looksChanged.fire();
    return onceDisposed(() => {
      this.#renderers.delete(added);
      this.#looksChanged.fire();
    });
  }

  /**
   * @throws TypeError when it is none
   * @throws Error when the source is read by the extension itself, or another has taken it
   */
  addBackend(source: string, backend: SecretsBackend): Disposable {
    check('a secrets backend', typeof source === 'string' && source !== '' && typeof backend?.read === 'function');
    if (OWN_SOURCES.includes(source)) throw new Error(`Floe OCI reads secrets of the source "${source}" itself.`);
    if (this.#backends.has(source)) throw new Error(`Another extension answers for secrets of the source "${source}".`);
    this.#backends.set(source, backend);
    this.#credentialsChanged.fire();
    return onceDisposed(() => {
      this.#backends.delete(source);
      this.#credentialsChanged.fire();
    });
  }

  dispose(): void {
    this.#credentialsChanged.dispose();
    this.#looksChanged.dispose();
  }
}

function check(what: string, isOne: boolean): asserts isOne {
  if (!isOne) throw new TypeError(`This is not ${what}: floe-oci.d.ts says what one is.`);
}

/** Somebody may dispose of it again after another has taken its place. */
function onceDisposed(dispose: () => void): Disposable {
  let isDisposed = false;
  return {
    dispose: () => {
      if (!isDisposed) dispose();
      isDisposed = true;
    },
  };
}
