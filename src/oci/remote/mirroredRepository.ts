import { isWrongContent } from '../content/reread.ts';
import type {
  CallOptions,
  ContentSource,
  ReadableStore,
  Resolution,
  Revalidator,
  TagLister,
  TagOptions,
  Target,
  WriteOptions,
  WriteOutcome,
} from '../content/store.ts';
import { skip, verified } from '../content/verify.ts';
import { isOciError } from '../errors.ts';
import type { Descriptor, ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import { type Logger, silentLogger } from '../telemetry/logger.ts';
import { isUnavailable } from '../transport/unavailable.ts';

/** What a repository is to those who only read it. */
export type RepositorySource = ReadableStore & TagLister & Revalidator;

/** Opens a mirror when it is needed; one that cannot be opened is passed over. */
export type OpenMirror = () => Promise<RepositorySource>;

/**
 * A repository with mirrors, for those who read it. Mirrors are asked in their order, and only while the repository itself is not
 * available: what it says stands, also that something is not there. Content from a mirror is held against the same digest.
 * Where a tag leads is for the repository to say; while it cannot, a mirror's word is taken, with a warning in the log.
 * When no mirror can help either, the failure is that of the repository.
 *
 * What is written goes to the repository itself. Whoever writes should not come this way, though: a mirror must not decide
 * whether there is something to write, or whether a tag may move.
 */
export class MirroredRepository implements Target, RepositorySource {
  readonly name: string;
  readonly behind: Target;
  readonly closure: Target['closure'];
  readonly #primary: Target & RepositorySource;
  readonly #mirrors: readonly OpenMirror[];
  readonly #logger: Logger;

  constructor(primary: Target & RepositorySource, mirrors: readonly OpenMirror[], logger: Logger = silentLogger) {
    this.name = primary.name;
    this.behind = primary;
    this.closure = primary.closure;
    this.#primary = primary;
    this.#mirrors = mirrors;
    this.#logger = logger;
  }

  async resolve(reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> {
    return (await this.revalidate(reference, undefined, options)).descriptor;
  }

  revalidate(reference: Tag | Digest, known?: Resolution, options: CallOptions = {}): Promise<Resolution> {
    return this.#ask(async (source) => {
      const resolution = await source.revalidate(reference, known, options);
      if (source !== this.#primary) {
        const facts = { repository: this.name, mirror: source.name, digest: resolution.descriptor.digest };
        if (isDigest(reference)) this.#logger.info('mirror_served', facts);
        else this.#logger.warn('mirror_resolved_tag', { ...facts, tag: reference });
      }
      return resolution;
    });
  }

  exists(descriptor: Descriptor, options: CallOptions = {}): Promise<boolean> {
    return this.#ask((source) => source.exists(descriptor, options));
  }

  /** Goes on from a mirror where it was: what came from both together has the digest, or fails. */
  read(descriptor: Descriptor, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    return verified(descriptor, this.#stitched(descriptor, 0, options));
  }

  readAfter(descriptor: Descriptor, offset: number, options: CallOptions = {}): AsyncIterable<Uint8Array> {
    return this.#stitched(descriptor, offset, options);
  }

  write(descriptor: Descriptor, source: ContentSource, options?: WriteOptions): Promise<WriteOutcome> {
    return this.#primary.write(descriptor, source, options);
  }

  tag(descriptor: ManifestDescriptor, tag: Tag, options?: TagOptions): Promise<void> {
    return this.#primary.tag(descriptor, tag, options);
  }

  async mayReread(attempt: number, options?: CallOptions): Promise<boolean> {
    return (await this.#primary.mayReread?.(attempt, options)) ?? false;
  }

  /** All of one: a list that broke off is not continued with that of another. */
  async *tags(options: CallOptions = {}): AsyncGenerator<Tag> {
    const { first, rest } = await this.#ask(async (source) => {
      const rest = source.tags(options)[Symbol.asyncIterator]();
      const first = await rest.next();
      if (source !== this.#primary) {
        this.#logger.warn('mirror_listed_tags', { repository: this.name, mirror: source.name });
      }
      return { first, rest };
    });
    try {
      for (let next = first; !next.done; next = await rest.next()) yield next.value;
    } finally {
      await rest.return?.();
    }
  }

  async *#stitched(descriptor: Descriptor, offset: number, options: CallOptions): AsyncGenerator<Uint8Array> {
    let given = offset;
    let failure: unknown;
    for await (const source of this.#inTurn(() => failure)) {
      const before = given;
      try {
        const rest = given > 0 ? source.readAfter?.(descriptor, given, options) : undefined;
        for await (const chunk of rest ?? skip(given, source.read(descriptor, options))) {
          given += chunk.length;
          yield chunk;
        }
        const facts = { repository: this.name, mirror: source.name, digest: descriptor.digest };
        if (source !== this.#primary) this.#logger.info('mirror_served', facts);
        return;
      } catch (error) {
        // What has been handed over cannot be taken back.
        if (given > before && isWrongContent(error)) throw error;
        failure = error;
      }
    }
  }

  async #ask<T>(ask: (source: RepositorySource) => Promise<T>): Promise<T> {
    let failure: unknown;
    for await (const source of this.#inTurn(() => failure)) {
      try {
        return await ask(source);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /**
   * The repository, and after each failure the next mirror, as long as there is one and the failure allows it.
   * @param failureOf how the one before failed
   */
  async *#inTurn(failureOf: () => unknown): AsyncGenerator<RepositorySource> {
    yield this.#primary;
    const failure = failureOf();
    if (!isUnavailable(failure)) throw failure;
    for (const open of this.#mirrors) {
      let error: unknown;
      try {
        yield await open();
        error = failureOf();
      } catch (unopened) {
        error = unopened;
      }
      if (isOciError(error, 'CANCELLED')) throw error;
      this.#logger.warn('mirror_failed', { repository: this.name, ...factsOf(error) });
    }
    throw failure;
  }
}

function factsOf(error: unknown): { readonly code?: string; readonly reason: string } {
  if (isOciError(error)) return { code: error.code, reason: error.message };
  return { reason: error instanceof Error ? error.message : String(error) };
}
