import { type CancellationToken, l10n, type Uri, window } from 'vscode';
import * as z from 'zod/mini';
import { isRepositoryName, isTag } from '../../oci/index.ts';
import { signalOf } from '../cancellation.ts';
import { documentUri, LAYOUT_SCHEME, REGISTRY_SCHEME } from '../documentUri.ts';
import { type Address, type Destination, nameOf, type Place } from '../places.ts';
import { plainText } from '../plainText.ts';
import { isNamedNode, type NamedNode } from '../tree/namedNode.ts';
import { addressOf, type Node, placeOf } from '../tree/node.ts';
import { ROW_SCHEME } from '../tree/rowUri.ts';
import type { Dropped, DropTarget } from '../treeDrops.ts';
import { type CopyStep, copySteps } from './copySeveral.ts';
import { askReferrers } from './copyTo.ts';
import { pushFiles } from './pushFiles.ts';
import { type CopyParts, startCopy } from './startCopy.ts';

const draggedSchema = z.array(z.object({ place: z.string(), repository: z.string(), tag: z.string() }));

/** Schemes of what rows stand for. */
const OURS = [REGISTRY_SCHEME, LAYOUT_SCHEME, ROW_SCHEME];

/** Copies tags that are dropped on a repository, a registry or the Local store, and pushes files. */
export class Drops implements DropTarget<Node | NamedNode> {
  readonly #parts: CopyParts;
  readonly #run: (action: string, step: () => Promise<void>) => Promise<void>;
  readonly #root: Place | undefined;

  /**
   * @param root what the view stands for, where no row is dropped on
   * @param run shows what goes wrong
   */
  constructor(
    parts: CopyParts,
    root: Place | undefined,
    run: (action: string, step: () => Promise<void>) => Promise<void>,
  ) {
    this.#parts = parts;
    this.#root = root;
    this.#run = run;
  }

  async drag(nodes: readonly (Node | NamedNode)[], token: CancellationToken): ReturnType<DropTarget<Node>['drag']> {
    const rows = nodes.filter(isDraggable);
    const uris = await Promise.all(rows.map((row) => uriOf(row, token).catch(() => undefined)));
    const tags = rows.flatMap((row) =>
      row.kind === 'tag' ? [{ place: row.place.id, repository: row.repository, tag: row.tag }] : [],
    );
    return { text: rows.length === 0 ? '' : JSON.stringify(tags), uris: uris.filter((uri) => uri !== undefined) };
  }

  async drop(target: Node | NamedNode | undefined, { rows, uris, unreadable }: Dropped): Promise<void> {
    if (isNamedNode(target)) return;
    const [first] = unreadable;
    if (first !== undefined) {
      const message = l10n.t('Nothing was done with what was dropped: {0} is not the address of a file.', first);
      return void window.showErrorMessage(plainText(message));
    }
    // Rows come as the addresses of their documents, too: those are not files to push.
    const files = uris.filter(({ scheme }) => !OURS.includes(scheme));
    const to = target === undefined ? this.#root && { place: this.#root } : destinationOf(target);
    await this.#run('drop', async () => {
      if (files.length > 0) return await pushFiles(this.#parts, { ...to, files });
      if (to === undefined) return;
      const steps = rows.flatMap((text) => this.#read(text)).flatMap((source) => stepTo(source, to));
      const [only, ...others] = steps;
      if (others.length > 0) await copySteps(this.#parts, steps);
      else if (only !== undefined) await this.#copy(only);
    });
  }

  /** Whoever lets go at the wrong row has done nothing yet: a copy to a registry is seen by others. */
  async #copy({ source, destination }: CopyStep): Promise<void> {
    const copy = l10n.t('Copy');
    const question = plainText(l10n.t('Copy {0} to {1}?', nameOf(source), nameOf(destination)));
    if ((await window.showInformationMessage(question, { modal: true }, copy)) !== copy) return;
    const descriptor = await (await source.place.open(source.repository)).resolve(source.tag);
    const referrers = await askReferrers(source, descriptor);
    if (referrers !== undefined) await startCopy(this.#parts, { address: source, descriptor, destination, referrers });
  }

  /** What comes back from a drag has been in the hands of others; and VS Code's own text is not about tags. */
  #read(text: string): readonly Destination[] {
    const dragged = draggedSchema.safeParse(parsed(text));
    return (dragged.data ?? []).flatMap(({ place: id, repository, tag }): Destination[] => {
      const place = this.#parts.book.places().find((each) => each.id === id);
      return place !== undefined && isRepositoryName(repository) && isTag(tag) ? [{ place, repository, tag }] : [];
    });
  }
}

/** Nothing where it is already. */
function stepTo(
  source: Destination,
  { place, repository }: Pick<Address, 'place'> & Partial<Address>,
): readonly CopyStep[] {
  const destination = { place, repository: repository ?? source.repository, tag: source.tag };
  const isThere = place.id === source.place.id && destination.repository === source.repository;
  return isThere ? [] : [{ source, destination }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Rows of tags can be copied and opened; what they consist of can be opened. */
function isDraggable(node: Node | NamedNode): node is Extract<Node, { readonly kind: 'tag' | 'content' }> {
  return !isNamedNode(node) && (node.kind === 'tag' || node.kind === 'content');
}

async function uriOf(
  node: Extract<Node, { readonly kind: 'tag' | 'content' }>,
  token: CancellationToken,
): Promise<Uri> {
  if (node.kind === 'content') return documentUri(node);
  const { place, repository, tag } = node;
  const known = node.content?.descriptor;
  const signal = signalOf(token);
  const descriptor = known ?? (await (await place.reader(repository, { signal })).resolve(tag, { signal }));
  return documentUri({ place, repository, tag, role: 'manifest', descriptor });
}

/** The repository that a row is in, or else its place: what is below a repository counts as the repository. */
function destinationOf(node: Node): Pick<Address, 'place'> & Partial<Address> {
  const { repository } = addressOf(node) ?? {};
  return { place: placeOf(node), ...(repository === undefined ? {} : { repository }) };
}
