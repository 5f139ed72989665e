import { l10n, window } from 'vscode';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import type { Place } from '../places.ts';
import { parseRegistryUrl } from '../registryUrl.ts';
import type { Trees } from '../trees.ts';
import { isLetIn, type SignInParts, signIn } from './signIn.ts';
import { validateWith } from './validateWith.ts';

/** What connecting a registry works with. */
export interface ConnectParts extends SignInParts {
  readonly registries: ConnectedRegistries;
  readonly trees: Trees;
}

/** Connects a registry: one question, and a user name and password only where the registry wants them. */
export async function connectRegistry(parts: ConnectParts, text?: string): Promise<Place | undefined> {
  const url = text ?? (await askUrl());
  if (url === undefined) return undefined;
  const { registry, repository } = parseRegistryUrl(url);
  if (!(await isLetIn(parts, registry, repository)) && !(await signIn(parts, { registry }))) return undefined;
  const place = await parts.registries.add(registry, repository);
  await parts.trees.reveal(place);
  return place;
}

async function askUrl(): Promise<string | undefined> {
  return await window
    .showInputBox({
      title: l10n.t('Connect a Registry'),
      prompt: l10n.t('Host, address, or a reference to an artifact in it'),
      placeHolder: l10n.t('ghcr.io, localhost:5000 or oci://registry.example.com/team/product'),
      ignoreFocusOut: true,
      validateInput: validateWith((typed) => typed === '' || parseRegistryUrl(typed)),
    })
    .then((typed) => (typed?.trim() === '' ? undefined : typed));
}
