import { window } from 'vscode';
import { FloeClient } from '../floe/floeClient.ts';
import type { FloeHooks } from '../floe/floeHooks.ts';
import { type TagPatterns, TagPolicy } from '../floe/tagPolicy.ts';
import type { ManifestRegistries } from './manifestRegistries.ts';
import type { Address } from './places.ts';
import { plainText } from './plainText.ts';

/** By whose rules clients work. */
export interface FloeClientsOptions {
  readonly manifests: Pick<ManifestRegistries, 'find'>;
  readonly settings: { readonly tagPatterns: TagPatterns };
  /** What other extensions have put in. */
  readonly hooks: FloeHooks;
  /** Of the extension's process: FLOE_ENVIRONMENT says whose rules count, as on the command line. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** floe's client for each place, by the manifest.yaml in force for it and by the settings, as both are when it is asked for. */
export class FloeClients {
  readonly #options: FloeClientsOptions;

  constructor(options: FloeClientsOptions) {
    this.#options = options;
  }

  /** @throws OciError INVALID_ARGUMENT when the settings have a tag pattern that is none */
  for({ place, repository }: Pick<Address, 'place' | 'repository'>): FloeClient {
    const { manifests, settings, hooks, environment } = this.#options;
    const manifest = place.kind === 'registry' ? manifests.find(place.id) : undefined;
    return new FloeClient({
      place: {
        source: (options) => place.reader(repository, options),
        repository: (options) => place.open(repository, options),
      },
      config: manifest?.config,
      environmentName: environment['FLOE_ENVIRONMENT'] || undefined,
      hooks,
      tagPolicy: new TagPolicy(settings.tagPatterns),
      warn: (text) => void window.showWarningMessage(plainText(`${text}.`)),
    });
  }
}
