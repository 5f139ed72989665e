import type { CallOptions } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { algorithmOf } from '../spec/digest.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import type { RequestSubject } from '../transport/responseError.ts';
import type { HttpRequest } from '../transport/transport.ts';
import type { Blobs } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import type { KnownPlaces } from './knownPlaces.ts';
import type { UploadHabits } from './uploadHabits.ts';
import { UploadSession } from './uploadSession.ts';
import type { RepositoryUrls } from './urls.ts';

/** What an upload turns out to need: nothing, or a session to send the content to. */
export type Started = 'existed' | 'mounted' | UploadSession;

/** How an upload session is opened. */
export interface StartOptions {
  /** A repository of the same registry that may have the blob. */
  readonly from: RepositoryName | undefined;
  /** Begin while the registry is still being asked whether it has the blob. */
  readonly likelyNew: boolean;
}

/** What opens the upload sessions of one repository. */
export class UploadStart {
  readonly #client: RegistryClient;
  readonly #urls: RepositoryUrls;
  readonly #repository: string;
  readonly #blobs: Blobs;
  readonly #places: KnownPlaces;
  readonly #habits: UploadHabits;

  /** `repository` is `host/name`, for messages. */
  constructor(
    client: RegistryClient,
    urls: RepositoryUrls,
    repository: string,
    blobs: Blobs,
    { places, habits }: { readonly places: KnownPlaces; readonly habits: UploadHabits },
  ) {
    this.#client = client;
    this.#urls = urls;
    this.#repository = repository;
    this.#blobs = blobs;
    this.#places = places;
    this.#habits = habits;
  }

  /**
   * Begins an upload unless the blob is there, or can be mounted. A registry that mounts is not asked before whether it
   * has the blob: to mount what is there costs the same request, and changes nothing.
   */
  async begin(descriptor: Descriptor, { from: asked, likelyNew }: StartOptions, call: CallOptions): Promise<Started> {
    const from = this.#client.abilities.current.mount === false ? undefined : asked;
    if (from !== undefined && this.#habits.mounts !== false) {
      const mounting = await this.#mount(descriptor, from, call);
      if (mounting === 'mounted') return mounting;
      if (mounting !== 'refused') return this.#unlessThere(descriptor, Promise.resolve(mounting), call);
    } else if (likelyNew) {
      return this.#unlessThere(descriptor, this.open(descriptor, call), call);
    }
    if (await this.#blobs.exists(descriptor, call)) return 'existed';
    const mounting = from !== undefined && this.#habits.mounts === false && (await this.#mount(descriptor, from, call));
    return mounting && mounting !== 'refused' ? mounting : this.open(descriptor, call);
  }

  /** Opens a session, whether the blob is there or not. */
  async open({ digest }: Descriptor, call: CallOptions): Promise<UploadSession> {
    const algorithm = algorithmOf(digest);
    // Chunks are hashed as they come, by sha256 unless the registry is told otherwise.
    const isOther = this.#habits.mode === 'chunked' && algorithm !== 'sha256';
    const url = this.#urls.uploads(isOther ? { 'digest-algorithm': algorithm } : {});
    const request: HttpRequest = { method: 'POST', url };
    const expectation = { statuses: [202], subject: this.#subject() };
    const response = await this.#client.exchange(request, expectation, call);
    return new UploadSession(this.#client, this.#sessionSubject(digest), response, request);
  }

  /** Has the blob mounted, or a session opened by a registry that does not do that. */
  async #mount(
    { digest }: Descriptor,
    from: RepositoryName,
    call: CallOptions,
  ): Promise<'mounted' | 'refused' | UploadSession> {
    const request: HttpRequest = { method: 'POST', url: this.#urls.uploads({ mount: digest, from }) };
    const expectation = { statuses: [201, 202], subject: this.#subject() };
    try {
      const response = await this.#client.exchange(request, expectation, call);
      this.#habits.mounts = response.status === 201;
      if (response.status === 201) return 'mounted';
      this.#places.forget(digest, from);
      return new UploadSession(this.#client, this.#sessionSubject(digest), response, request);
    } catch (error) {
      // No right to read the other repository, or no mounting here: never a reason for a push to fail.
      if (!MOUNT_REFUSALS.some((code) => isOciError(error, code))) throw error;
      if (isOciError(error, 'UNSUPPORTED')) this.#client.abilities.learn({ mount: false });
      this.#places.forget(digest, from);
      this.#client.logger.debug('mount_refused', { repository: this.#repository, from, digest });
      return 'refused';
    }
  }

  /** Gives a session back that turns out not to be needed, or of no use. */
  async #unlessThere(descriptor: Descriptor, opening: Promise<UploadSession>, call: CallOptions): Promise<Started> {
    const [there, opened] = await Promise.allSettled([this.#blobs.exists(descriptor, call), opening]);
    const isNeeded = there.status === 'fulfilled' && !there.value;
    if (!isNeeded && opened.status === 'fulfilled') this.#client.aside(opened.value.cancel());
    if (there.status === 'rejected') throw there.reason;
    return isNeeded ? opening : 'existed';
  }

  #subject(): RequestSubject {
    const what = this.#repository;
    return { repository: what, notFound: { kind: 'repository', what } };
  }

  #sessionSubject(digest: Descriptor['digest']): RequestSubject {
    const repository = this.#repository;
    return { repository, notFound: { kind: 'blob', what: `the upload of ${digest} to ${repository}` } };
  }
}

const MOUNT_REFUSALS = ['UNAUTHORIZED', 'DENIED', 'NOT_FOUND', 'UNSUPPORTED', 'REGISTRY_ERROR'] as const;
