import { type Disposable, workspace } from 'vscode';
import { createCloudCredentials, type Logger, userAgent } from '../../oci/index.ts';
import { ContributedCredentials, contributedBackends } from '../api/contributedCredentials.ts';
import { optionsFor } from '../connections.ts';
import { AccountCredentials } from '../credentials/accountCredentials.ts';
import { askRealm } from '../credentials/askRealm.ts';
import { askSecretUse } from '../credentials/askSecretUse.ts';
import { ChosenCredentials } from '../credentials/chosenCredentials.ts';
import { CredentialChain, otherSources } from '../credentials/credentialChain.ts';
import { CredentialUses } from '../credentials/credentialUses.ts';
import { Interruptions } from '../credentials/interruptions.ts';
import { LastingPins } from '../credentials/lastingPins.ts';
import { ManifestCredentials } from '../credentials/manifestCredentials.ts';
import { SecretCredentials } from '../credentials/secretCredentials.ts';
import { SecretReferences } from '../credentials/secretReferences.ts';
import type { ManifestRegistries } from '../manifestRegistries.ts';
import type { WorkbenchOptions } from './workbenchOptions.ts';

/** What signing in works with. */
export interface SignInParts
  extends Pick<WorkbenchOptions, 'settings' | 'secrets' | 'state' | 'environment' | 'contributions'> {
  readonly manifests: ManifestRegistries;
  readonly logger: Logger;
}

/** With which credential each registry is asked, and when the user may be asked about it. */
export class SignIns implements Disposable {
  readonly interruptions = new Interruptions();
  /** What the user keeps under the names that a manifest.yaml refers to. */
  readonly references: SecretReferences;
  /** What the user has typed. */
  readonly secrets: SecretCredentials;
  readonly accounts: AccountCredentials;
  /** All sources, in the order of the settings. */
  readonly sources: CredentialChain;
  /** Which one each registry was last asked with. */
  readonly uses: CredentialUses;
  readonly pins: LastingPins;

  constructor({ settings, secrets, state, environment, contributions, manifests, logger }: SignInParts) {
    const engine = settings.networkClient;
    this.references = new SecretReferences(secrets, {
      isTrusted: () => workspace.isTrusted,
      ask: (reference, registry) => this.interruptions.ask(() => askSecretUse(reference, registry)),
    });
    this.secrets = new SecretCredentials(secrets, logger);
    this.accounts = new AccountCredentials({ engine, logger });
    const cloud = { environment, engine, logger, userAgent };
    this.sources = new CredentialChain(
      {
        secretStorage: this.secrets,
        manifest: new ManifestCredentials({
          manifests,
          references: this.references,
          backends: () => contributedBackends(contributions, logger),
          environment,
          cloud: (chosen) => createCloudCredentials({ ...cloud, chosen }),
        }),
        vscodeAccount: this.accounts,
        extensions: new ContributedCredentials(contributions, logger),
        ...otherSources({ environment, logger, engine }),
      },
      () => settings.credentialSources,
      new ChosenCredentials({
        choiceFor: (registry) => optionsFor(settings.registryOptions, registry)?.auth,
        cloud: (chosen) => createCloudCredentials({ ...cloud, chosen }),
      }),
    );
    this.uses = new CredentialUses(logger);
    this.pins = new LastingPins(state, (change) => this.interruptions.ask(() => askRealm(change)));
  }

  /** The user has started something: who was refused, or had to keep still, may ask. */
  allowQuestions(): void {
    this.interruptions.allow();
    this.pins.askAgain();
    this.references.askAgain();
  }

  dispose(): void {
    for (const part of [this.secrets, this.accounts, this.uses, this.references]) part.dispose();
  }
}
