import { l10n, type Uri } from 'vscode';
import { compiledArtifactsLayer, isFloeArtifact } from '../../floe/artifact.ts';
import type { FloeHooks } from '../../floe/floeHooks.ts';
import { MAX_DOCUMENT_SIZE } from '../../floe/jsonDocument.ts';
import { type Digest, type Manifest, type Observer, OciError, type Operation, readVerified } from '../../oci/index.ts';
import type { ArtifactLook } from '../artifactLooks.ts';
import { type DocumentAddress, parseDocumentUri } from '../documentUri.ts';
import { type Address, type Place, referenceOf } from '../places.ts';
import { readManifest } from '../readManifest.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import { failureOf } from './failure.ts';
import { manifestPart } from './manifestPart.ts';
import type { GraphLayout, HostMessage, ModelGraph, Part, PartName, Parts, Remedy } from './overview.ts';
import type { PageMessage } from './pageMessage.ts';
import { loadingTexts, pageTexts } from './pageTexts.ts';
import { productPart } from './productPart.ts';
import { referrersPart } from './referrersPart.ts';
import { findReferrers, findTags, type Subject, searchTags, type TagsOptions } from './relations.ts';
import { tagsPart } from './tagsPart.ts';
import { type Target, Targets } from './targets.ts';

/** What an overview works with. */
export interface OverviewParts {
  /** @throws OciError CANCELLED when the user does not want to connect */
  readonly placeFor: (place: DocumentAddress['place']) => Promise<Place>;
  readonly concurrency: () => number;
  /** How artifacts of a type show, as other extensions say. */
  readonly look: (manifest: Manifest, digest: Digest) => Pick<ArtifactLook, 'label' | 'facts'>;
  /** @throws Error when the graph is too tangled to be drawn */
  readonly layout: (graph: ModelGraph, signal: AbortSignal) => Promise<GraphLayout>;
  /** Opens or copies something. */
  readonly go: (target: Target, subject: Subject) => Promise<void>;
  /** What the user does about an error; true when it is to be tried again. */
  readonly repair: (remedy: Remedy, error: unknown) => Promise<boolean>;
  readonly logError: (action: string, error: unknown) => void;
  /** Told what is read. */
  readonly observer: Observer;
  /** Who verifies signatures and knows promotions; default: nobody verifies, and so nothing is called verified. */
  readonly hooks?: FloeHooks;
}

/** One overview that is open: reads the manifest and what belongs to it, and tells the page of each part as it comes. */
export class OverviewSession {
  readonly #parts: OverviewParts;
  readonly #uri: Uri;
  readonly #post: (message: HostMessage) => void;
  readonly #closed = new AbortController();
  readonly #targets = new Targets();
  readonly #state: { -readonly [Name in PartName]: Parts[Name] };
  readonly #errors = new Map<PartName, unknown>();
  #subject: Subject | undefined;
  #isStarted = false;

  constructor(parts: OverviewParts, uri: Uri, post: (message: HostMessage) => void) {
    this.#parts = parts;
    this.#uri = uri;
    this.#post = post;
    this.#state = {
      manifest: { state: 'loading', text: loadingTexts().manifest },
      tags: { state: 'none' },
      referrers: { state: 'none' },
      product: { state: 'none' },
      layout: { state: 'none' },
    };
  }

  /** Answers the page. A page that comes back, as when its tab is shown again, is told all that is known. */
  async take(message: PageMessage): Promise<void> {
    switch (message.act) {
      case 'ready':
        this.#post({ texts: pageTexts() });
        for (const name of Object.keys(this.#state) as PartName[]) this.#tell(name);
        if (!this.#isStarted) await this.#start();
        return;
      case 'go': {
        const target = this.#targets.at(message.target);
        if (target !== undefined && this.#subject !== undefined) await this.#parts.go(target, this.#subject);
        return;
      }
      case 'searchTags':
        await this.#load('tags', 'list', (subject, signal) =>
          searchTags(subject, this.#parts.concurrency(), this.#promotionsBy(signal)).then(tagsPart),
        );
        return;
      case 'repair':
        if (await this.#parts.repair(message.remedy, this.#errors.get(message.part))) await this.#again(message.part);
    }
  }

  dispose(): void {
    this.#closed.abort();
  }

  async #start(): Promise<void> {
    this.#isStarted = true;
    const subject = await this.#show('manifest', async (signal) => {
      const { place: where, repository, tag, digest } = parseDocumentUri(this.#uri);
      const place = await this.#parts.placeFor(where);
      const address: Address = { place, repository, digest, ...(tag === undefined ? {} : { tag }) };
      const { store, descriptor, manifest } = await observeAt(this.#parts.observer, 'inspect', address, async () => {
        const reader = await place.reader(repository, { signal });
        return { ...(await readManifest(reader, digest, { signal })), store: reader };
      });
      this.#subject = { address, reference: referenceOf(address), descriptor, manifest, store };
      return manifestPart({ address, descriptor, manifest, look: this.#parts.look(manifest, digest) }, this.#targets);
    });
    if (subject !== undefined) await Promise.all([this.#product(), this.#tags(), this.#referrers()]);
  }

  async #again(name: PartName): Promise<void> {
    switch (name) {
      case 'manifest':
        return await this.#start();
      case 'tags':
        return await this.#tags();
      case 'referrers':
        return await this.#referrers();
      case 'product':
      case 'layout':
        return await this.#product();
    }
  }

  async #tags(): Promise<void> {
    await this.#load('tags', 'list', (subject, signal) => findTags(subject, this.#promotionsBy(signal)).then(tagsPart));
  }

  #promotionsBy(signal: AbortSignal): TagsOptions {
    return { signal, promotions: this.#parts.hooks?.promotions };
  }

  async #referrers(): Promise<void> {
    await this.#load('referrers', 'referrers', async (subject, signal) => {
      const { referrers, report } = await findReferrers(subject, this.#parts.hooks?.verifier, { signal });
      return referrersPart(referrers, report, this.#targets);
    });
  }

  /** The document of a floe artifact, and where its models are drawn. */
  async #product(): Promise<void> {
    const { manifest } = this.#subject ?? {};
    const layer = manifest && compiledArtifactsLayer(manifest);
    if (manifest === undefined || layer === undefined || !isFloeArtifact(manifest)) return;
    const product = await this.#load('product', 'inspect', async ({ store }, signal) => {
      const { bytes } = await readVerified(store, layer, { signal, maxSize: MAX_DOCUMENT_SIZE });
      return productPart(parse(bytes, layer.digest), layer, this.#targets);
    });
    if (product === undefined || !product.models.isDrawn || product.models.nodes.length === 0) return;
    await this.#show('layout', (signal) => this.#parts.layout(product.models, signal));
  }

  async #load<Name extends PartName>(
    name: Name,
    operation: Operation,
    load: (subject: Subject, signal: AbortSignal) => Promise<ValueOf<Name>>,
  ): Promise<ValueOf<Name> | undefined> {
    const subject = this.#subject;
    if (subject === undefined) return undefined;
    const { observer } = this.#parts;
    return await this.#show(name, (signal) =>
      observeAt(observer, operation, subject.address, () => load(subject, signal)),
    );
  }

  /** Undefined when it fails, which the page says in its place. */
  async #show<Name extends PartName>(
    name: Name,
    load: (signal: AbortSignal) => Promise<ValueOf<Name>>,
  ): Promise<ValueOf<Name> | undefined> {
    const { signal } = this.#closed;
    this.#set(name, { state: 'loading', text: loadingTexts()[name] });
    try {
      const value = await load(signal);
      this.#set(name, { state: 'shown', value });
      return value;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#parts.logError(`Overview of ${this.#uri.toString()}, ${name}`, error);
      this.#errors.set(name, error);
      this.#set(name, { state: 'failed', failure: failureOf(error) });
      return undefined;
    }
  }

  #set<Name extends PartName>(name: Name, part: Part<ValueOf<Name>>): void {
    this.#state[name] = part as Parts[Name];
    this.#tell(name);
  }

  #tell(name: PartName): void {
    if (!this.#closed.signal.aborted) this.#post({ name, part: this.#state[name] } as HostMessage);
  }
}

type ValueOf<Name extends PartName> = Extract<Parts[Name], { readonly state: 'shown' }>['value'];

/** @throws OciError INVALID_DOCUMENT */
function parse(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const problems = [{ path: '', message: l10n.t('is not JSON') }];
    throw new OciError('INVALID_DOCUMENT', `${file} is not JSON`, { file, problems }, { cause: error });
  }
}
