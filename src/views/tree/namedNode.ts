import { l10n } from 'vscode';
import { describeError, explain } from '../describeError.ts';
import type { BrokenManifest, WorkspaceManifest } from '../workspaceManifests.ts';
import { factList, type Row } from './row.ts';

/** The row of a registry that a manifest.yaml names and nobody has connected, or of such a file that cannot be used. */
export interface NamedNode {
  readonly id: string;
  readonly named: WorkspaceManifest | BrokenManifest;
}

/** The row of a registry that only a manifest.yaml names. */
export function namedNode(named: NamedNode['named']): NamedNode {
  return { id: `named|${'place' in named ? named.place.registry : named.uri.toString()}`, named };
}

/** A row, as commands get it. */
export function isNamedNode(argument: unknown): argument is NamedNode {
  return typeof argument === 'object' && argument !== null && 'named' in argument && 'id' in argument;
}

/** How that row looks: nothing is asked of the registry before it is connected. */
export function drawNamed(node: NamedNode): Row {
  const { named } = node;
  return 'place' in named ? drawRegistry(node, named) : drawBroken(named);
}

function drawRegistry(node: NamedNode, { name, place: { registry, repository }, config }: WorkspaceManifest): Row {
  const description = l10n.t('Named by {0}: Connect…', name);
  return {
    label: registry,
    description,
    icon: 'plug',
    flags: ['named'],
    state: 'leaf',
    spoken: l10n.t('registry {0}, not connected, named by {1}; connect it', registry, name),
    tooltip: factList(l10n.t('{0} is not connected', registry), [
      [l10n.t('Named by'), name],
      [l10n.t('Repository'), repository],
      [l10n.t('Signs in with'), config.auth.type],
      [
        l10n.t('Certificates'),
        config.tls_verify ? undefined : l10n.t('not verified, if it is connected as the file says'),
      ],
    ]),
    command: { title: l10n.t('Connect'), command: 'floeOci.connectNamedRegistry', arguments: [node] },
  };
}

function drawBroken({ name, uri, error }: BrokenManifest): Row {
  const description = describeError(error);
  return {
    label: name,
    description: description.hint ?? description.sentence,
    icon: 'error',
    iconColor: 'list.errorForeground',
    flags: ['brokenManifest'],
    state: 'leaf',
    spoken: l10n.t('error: {0}', explain(description)),
    tooltip: explain(description),
    command: { title: l10n.t('Open'), command: 'vscode.open', arguments: [uri] },
  };
}
