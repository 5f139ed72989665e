import { l10n, type QuickPickItem, window } from 'vscode';
import { PROVIDER_NAMES, PROVIDER_TITLES, type ProviderName } from '../../oci/index.ts';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import type { KnownCapabilities } from '../knownCapabilities.ts';
import type { Place } from '../places.ts';
import type { Trees } from '../trees.ts';
import { askRegistry } from './askRegistry.ts';

/** What saying which kind a registry is works with. */
export interface KindParts {
  readonly registries: ConnectedRegistries;
  readonly capabilities: Pick<KnownCapabilities, 'forget'>;
  readonly trees: Pick<Trees, 'refreshPlace'>;
}

/** Without a kind: it is found out. */
type KindItem = QuickPickItem & { readonly provider?: ProviderName };

/** Says what kind a registry is, where that is not what it seems to be; or has it found out anew. */
export async function setRegistryKind(parts: KindParts, known?: Place): Promise<void> {
  const place = known ?? (await askRegistry(l10n.t('Kind of Registry'), parts.registries));
  if (place?.hosting === undefined) return;
  const { kind, isChosen } = place.hosting;
  const found: KindItem = {
    label: l10n.t('Find Out'),
    detail: l10n.t('By its name, or what it answers.'),
    ...(!isChosen && kind !== undefined && { description: l10n.t('now: {0}', PROVIDER_TITLES[kind]) }),
  };
  const choices = PROVIDER_NAMES.map(
    (name): KindItem => ({
      label: titleOf(name),
      ...(isChosen && name === kind && { description: l10n.t('now') }),
      provider: name,
    }),
  );
  const answer = await window.showQuickPick([found, ...choices], {
    title: l10n.t('Kind of Registry: {0}', place.label),
    placeHolder: l10n.t('Choose what it is: this decides how it lists, describes and deletes'),
    ignoreFocusOut: true,
  });
  if (answer === undefined) return;
  if (answer.provider === undefined) parts.capabilities.forget(place.id);
  await parts.registries.setKind(place.id, answer.provider);
  parts.trees.refreshPlace(place);
}

function titleOf(name: ProviderName): string {
  return name === 'distribution' ? l10n.t('Another Registry, by the Specification Alone') : PROVIDER_TITLES[name];
}
