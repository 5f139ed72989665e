import { ownManifest } from './credentials.ts';
import type { Named } from './references.ts';
import type { RegistryManifest } from './registryManifest.ts';

/** The manifest.yaml of one run of a command. It is read once, when something wants to know what it says. */
export class ManifestInUse {
  readonly #config: string | undefined;
  readonly #cwd: string;
  #found: Promise<RegistryManifest | undefined> | undefined;

  /** @param config the file of `--config`; default: the one in the working folder */
  constructor(config: string | undefined, cwd: string) {
    this.#config = config;
    this.#cwd = cwd;
  }

  /** The one of `--config`, or in the working folder. @throws as reading it does */
  find(): Promise<RegistryManifest | undefined> {
    // Most commands need no YAML.
    this.#found ??= import('./registryManifest.ts').then(({ findRegistryManifest }) =>
      findRegistryManifest(this.#config, this.#cwd),
    );
    return this.#found;
  }

  /** The one of `--config`, or the one that named the place. @throws as reading it does */
  async for({ by }: Pick<Named, 'by'>): Promise<RegistryManifest | undefined> {
    return by === 'manifest' || this.#config !== undefined ? await this.find() : undefined;
  }

  /** The one that has a say about what was named, and not only about what is named besides. @throws as reading it does */
  async about(named: Named): Promise<RegistryManifest | undefined> {
    return ownManifest({ named: { reference: named.reference }, manifest: await this.for(named) });
  }
}
