import { window } from 'vscode';
import { cancelled } from '../oci/index.ts';
import type { ConnectedRegistries } from './connectedRegistries.ts';
import type { DocumentAddress } from './documentUri.ts';
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
    const found = place.kind === 'local' ? this.#local : await this.placeOfRegistry(place.registry);
    if (found === undefined) throw cancelled();
    return found;
  }

  async #ask(registry: string): Promise<Place | undefined> {
    const connect = 'Connect';
    const question = `${registry} is not connected. Connect to it to show what is there?`;
    const answer = await window.showInformationMessage(question, connect);
    return answer === connect ? await this.#connect(registry) : undefined;
  }
}
