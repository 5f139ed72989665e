import { l10n, window } from 'vscode';
import type { ManifestRegistries } from '../manifestRegistries.ts';
import type { NamedNode } from '../tree/namedNode.ts';
import type { WorkspaceManifest } from '../workspaceManifests.ts';
import { type ConnectParts, connectRegistry } from './connectRegistry.ts';

/** What connecting a registry of a manifest.yaml works with. */
export interface ConnectNamedParts extends ConnectParts {
  readonly manifests: ManifestRegistries;
}

/**
 * Connects a registry that a manifest.yaml names, once the user has seen which host it is. In a workspace that is not
 * trusted the host is all that is taken from the file.
 */
export async function connectNamedRegistry(parts: ConnectNamedParts, { named }: NamedNode): Promise<void> {
  if (!('place' in named)) return;
  const { registry, repository } = named.place;
  const { isTrusted } = parts.manifests;
  if (!(await isWanted(named, isTrusted))) return;
  if (!isTrusted) {
    await connectRegistry(parts, `oci://${registry}/${repository}`);
    return;
  }
  await parts.manifests.allow(named);
  const place = parts.registries.find(registry);
  if (place !== undefined) await parts.trees.reveal(place);
}

async function isWanted({ name, place, config }: WorkspaceManifest, isTrusted: boolean): Promise<boolean> {
  const connect = l10n.t('Connect');
  const detail = [
    isTrusted
      ? l10n.t(
          'From now on it is connected by itself in workspaces that you trust. Secrets that the file refers to are asked about one by one.',
        )
      : l10n.t(
          'You have not trusted this workspace: the registry is connected with your own settings and credentials, and nothing else of the file is used.',
        ),
    ...(isTrusted && !config.tls_verify
      ? [
          l10n.t(
            'The file wants its certificate not to be verified: anybody on the way can then read and change what is transferred, your password too.',
          ),
        ]
      : []),
  ].join('\n\n');
  const question = l10n.t('{0} names the registry {1}. Connect to it?', name, place.registry);
  return (await window.showWarningMessage(question, { modal: true, detail }, connect)) === connect;
}
