import { describeError, explain } from '../describeError.ts';
import type { BrokenManifest, WorkspaceManifest } from '../workspaceManifests.ts';
import { factList, type Row } from './row.ts';

/** The row of a registry that a manifest.yaml names and nobody has connected, or of such a file that cannot be used. */
export interface NamedNode {
  readonly id: string;
  readonly named: WorkspaceManifest | BrokenManifest;
}

export function namedNode(named: NamedNode['named']): NamedNode {
  return { id: `named|${'place' in named ? named.place.registry : named.uri.toString()}`, named };
}

/** A row, as commands get it. */
export function isNamedNode(argument: unknown): argument is NamedNode {
  return typeof argument === 'object' && argument !== null && 'named' in argument && 'id' in argument;
}

export function drawNamed(node: NamedNode): Row {
  const { named } = node;
  return 'place' in named ? drawRegistry(node, named) : drawBroken(named);
}

function drawRegistry(node: NamedNode, { name, place: { registry, repository }, config }: WorkspaceManifest): Row {
  const description = `Named by ${name}: Connect…`;
  return {
    label: registry,
    description,
    icon: 'plug',
    flags: ['named'],
    state: 'leaf',
    spoken: `registry ${registry}, not connected, named by ${name}; connect it`,
    tooltip: factList(`${registry} is not connected`, [
      ['Named by', name],
      ['Repository', repository],
      ['Signs in with', config.auth.type],
      ['Certificates', config.tls_verify ? undefined : 'not verified, if it is connected as the file says'],
    ]),
    command: { title: 'Connect', command: 'floeOci.connectNamedRegistry', arguments: [node] },
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
    spoken: `error: ${explain(description)}`,
    tooltip: explain(description),
    command: { title: 'Open', command: 'vscode.open', arguments: [uri] },
  };
}
