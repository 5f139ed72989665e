import type { Descriptor, ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';

/** What every call takes that may take long. */
export interface CallOptions {
  /** Ends the call with CANCELLED. */
  readonly signal?: AbortSignal;
}

/** Opens the content from its first byte, unchecked. May be called again, so that an upload can be retried. */
export interface ContentSource {
  (): AsyncIterable<Uint8Array>;
  /**
   * The content without its first bytes, unchecked, for whoever has these and checks all of it. Absent where that would take
   * no less than all of it.
   */
  readonly after?: (offset: number) => AsyncIterable<Uint8Array>;
  /**
   * The content lies on a disk of ours, by its digest or unchanged since its digest was found: opened later it is the
   * same, so who sends it to a store that checks what it gets may check it afterwards, when there is reason to. Absent of
   * what comes from elsewhere, and was never looked at here.
   */
  readonly atRest?: true;
}

/** What a write did. `mounted` and `linked`: the store took the content from elsewhere without moving bytes. */
export type WriteOutcome = 'written' | 'existed' | 'mounted' | 'linked';

/** A place that holds content named by descriptors. */
export interface Store {
  /** How the user named this place, for messages: `ghcr.io/acme/app`, `layout:/backup/app`. Holds no secret. */
  readonly name: string;
  /** What this store stands in front of: content that is there can be mounted or linked as if it were the origin itself. */
  readonly behind?: Store;
  exists(descriptor: Descriptor, options?: CallOptions): Promise<boolean>;
}

/** A store that content can be read from. */
export interface ReadableStore extends Store {
  /**
   * From a name to content. For a digest the answer has that digest; for a tag the digest of the bytes behind it.
   * @throws OciError NOT_FOUND
   */
  resolve(reference: Tag | Digest, options?: CallOptions): Promise<ManifestDescriptor>;
  /**
   * Streams the content. The stream fails before it ends when size or digest differ from the descriptor's
   * (SIZE_MISMATCH, DIGEST_MISMATCH), or with NOT_FOUND. Whoever stops early must still `return()` it (`for await` does).
   */
  read(descriptor: Descriptor, options?: CallOptions): AsyncIterable<Uint8Array>;
  /** What {@link ContentSource.after} says, of content in this store. */
  readAfter?(descriptor: Descriptor, offset: number, options?: CallOptions): AsyncIterable<Uint8Array>;
  /** What {@link ContentSource.atRest} says, of content that `readAfter` gives. Absent where none is. */
  isAtRest?(descriptor: Descriptor): boolean;
  /**
   * Whether content that proved wrong may be right when it is read again, because it came over a line; waits before it
   * says yes. Absent where reading again gives the same. Whoever can begin anew asks, by `rereading`.
   * @param attempt the one that failed, from 1
   */
  mayReread?(attempt: number, options?: CallOptions): Promise<boolean>;
}

/** What a tag or digest led to, and what it takes to ask later whether it still does. */
export interface Resolution {
  readonly descriptor: ManifestDescriptor;
  /**
   * What the store called this state of the tag, as it wrote it.
   * https://www.rfc-editor.org/rfc/rfc9110#name-etag
   */
  readonly etag?: string;
}

/** A store that can be asked whether a tag still leads where it did, for less than it costs to resolve it again. */
export interface Revalidator {
  /**
   * Resolves as {@link ReadableStore.resolve} does; when that leads where `known` does, the content need not come again.
   * @throws OciError NOT_FOUND
   */
  revalidate(reference: Tag | Digest, known?: Resolution, options?: CallOptions): Promise<Resolution>;
}

/** What a tag names: a manifest, or nothing. */
export type TagState = Digest | 'absent';

/** How a tag is written. */
export interface TagOptions extends CallOptions {
  /**
   * What the tag has to name when it is written, or TAG_RACE; that it names this very manifest is good in any case. Default:
   * whatever it names. Memory and layouts look and write in one step. A registry is told the condition, and may ignore
   * it: whoever must know looks before and after.
   */
  readonly expected?: TagState;
}

/** `expected` is about each of the tags. */
export interface WriteOptions extends TagOptions {
  /** Where the content comes from, so that a store of the same kind can mount or link instead of moving bytes. */
  readonly origin?: Store;
  /** For a manifest: also publish it under these tags, in the same step where the store can. */
  readonly tags?: readonly Tag[];
  /** Writes although the store believes that it has the content: for one that was caught contradicting itself. Default false. */
  readonly rewrite?: boolean;
  /** The store probably lacks the content: it may begin to write while it still looks. Default false. */
  readonly likelyNew?: boolean;
}

/** A store that content can be written to. */
export interface WritableStore extends Store {
  /**
   * Whether all its content is there of a manifest that exists.
   *
   * `enforced`: yes, somebody sees to it, so a known sub-graph may be skipped.
   * `checked`: `exists` looks each time, down to the bytes; that a tag leads to a manifest says nothing, for anybody may
   * have changed what is there.
   * `unchecked`: whoever copies has to look.
   */
  readonly closure: 'enforced' | 'checked' | 'unchecked';
  /**
   * Content is visible whole or not at all, and what is wrong fails the write. Who keeps content verifies size and digest
   * before it publishes; a registry does so at its end, so of content at rest, if it is large, the size alone is checked
   * before it is sent, and the digest where the registry refuses it or does not say which digest it found.
   * @throws OciError DIGEST_MISMATCH, SIZE_MISMATCH, MISSING_REFERENCE (an enforcing store lacks what a manifest names),
   *   TAG_RACE, TAG_IMMUTABLE (a registry does not let the tag be moved)
   */
  write(descriptor: Descriptor, source: ContentSource, options?: WriteOptions): Promise<WriteOutcome>;
  /**
   * Points the tag at a manifest that the store has already; moves it when it pointed elsewhere.
   * @throws OciError NOT_FOUND, TAG_RACE, TAG_IMMUTABLE (a registry does not let the tag be moved)
   */
  tag(descriptor: ManifestDescriptor, tag: Tag, options?: TagOptions): Promise<void>;
}

/** A store that is read and written: what every copy goes to. */
export interface Target extends ReadableStore, WritableStore {}

/** A store that can list its tags, in lexical order or the registry's own; each tag once. */
export interface TagLister {
  tags(options?: CallOptions): AsyncIterable<Tag>;
}

/** Which referrers are listed. */
export interface ReferrersOptions extends CallOptions {
  /** Only referrers that say they are of this type. */
  readonly artifactType?: string;
}

/** A store that knows which manifests are about another one. */
export interface ReferrerLister {
  /**
   * The manifests whose `subject` is this one, in the store's order and each once, described by artifact type and all
   * annotations. None where nothing refers to it, whether it exists or not.
   * @throws OciError LIMIT_EXCEEDED rather than leaving any out
   */
  referrers(subject: Digest, options?: ReferrersOptions): AsyncIterable<ManifestDescriptor>;
}

/** A store that things can be taken out of. Blobs are not: they are collected when nothing needs them any more. */
export interface Deleter {
  /**
   * Takes a tag away, and nothing else.
   * @throws OciError NOT_FOUND (kind tag); UNSUPPORTED where a tag only goes together with its manifest
   */
  untag(tag: Tag, options?: CallOptions): Promise<void>;
  /**
   * Removes a manifest, and with it every tag that names it; what refers to it stays. Content that nothing needs any more
   * goes with it, or when the store collects it.
   * @throws OciError NOT_FOUND (kind manifest); UNSUPPORTED where manifests cannot be removed, or not this one
   */
  delete(manifest: ManifestDescriptor, options?: CallOptions): Promise<void>;
}

/** All that can be done in one place. */
export interface Repository extends Target, TagLister, ReferrerLister, Deleter {}
