import { homedir } from 'node:os';
import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { cancelled, type Reference } from '../oci/index.ts';
import type { ConnectedRegistries } from './connectedRegistries.ts';
import type { DocumentAddress } from './documentUri.ts';
import { LayoutPlace } from './layoutPlace.ts';
import type { Place } from './places.ts';

/** The places content can be in. A registry that is not connected is spoken to only when the user says so. */
export class AddressBook {
  readonly #registries: Pick<ConnectedRegistries, 'all' | 'find'>;
  readonly #local: Place;
  readonly #connect: (registry: string | undefined) => Promise<Place | undefined>;
  /** Registries the user is being asked about; several documents of one ask once. */
  readonly #asking = new Map<string, Promise<Place | undefined>>();

  /** @param connect connects a registry, asking which when it is undefined; undefined when the user leaves it */
  constructor(
    registries: Pick<ConnectedRegistries, 'all' | 'find'>,
    local: Place,
    connect: (registry: string | undefined) => Promise<Place | undefined>,
  ) {
    this.#registries = registries;
    this.#local = local;
    this.#connect = connect;
  }

  /** What can be chosen without a question. */
  places(): readonly Place[] {
    return [...this.#registries.all(), this.#local];
  }

  /** Connects another registry; undefined when the user leaves it. */
  connect(): Promise<Place | undefined> {
    return this.#connect(undefined);
  }

  /** The place of a registry that the user has named; undefined when the user does not want to connect it. */
  async placeOfRegistry(registry: string): Promise<Place | undefined> {
    const known = this.#registries.find(registry);
    if (known !== undefined) return known;
    const asked = this.#asking.get(registry) ?? this.#ask(registry).finally(() => this.#asking.delete(registry));
    this.#asking.set(registry, asked);
    return await asked;
  }

  /**
   * The place of a document, whoever wrote its address.
   * @throws OciError CANCELLED when the user does not want to connect its registry
   */
  async placeOfDocument(place: DocumentAddress['place']): Promise<Place> {
    if (place.kind === 'layout') return this.placeOfLayout(Uri.file(place.path).fsPath);
    const found = place.kind === 'local' ? this.#local : await this.placeOfRegistry(place.registry);
    if (found === undefined) throw cancelled();
    return found;
  }

  /** An image layout by its folder; one that is not absolute is looked for in the workspace. */
  placeOfLayout(folder: string): Place {
    return new LayoutPlace(path.resolve(workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir(), folder));
  }

  /** The place of a reference that the user has typed; undefined when the user does not want to connect its registry. */
  async placeOfReference(reference: Reference): Promise<Place | undefined> {
    return reference.kind === 'layout'
      ? this.placeOfLayout(reference.path)
      : await this.placeOfRegistry(reference.registry);
  }

  async #ask(registry: string): Promise<Place | undefined> {
    const connect = l10n.t('Connect');
    const question = l10n.t('{0} is not connected. Connect to it to show what is there?', registry);
    const answer = await window.showInformationMessage(question, connect);
    return answer === connect ? await this.#connect(registry) : undefined;
  }
}
