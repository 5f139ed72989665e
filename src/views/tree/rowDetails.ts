import { cancelled } from '../../oci/index.ts';
import { isScarce } from '../rateLimitText.ts';
import type { TagNode } from './node.ts';

/** Requests: what the user does meanwhile comes through beside them. */
const AT_A_TIME = 4;
/** Rows: two tall screens. Those that are further back have been scrolled past. */
const MAX_WAITING = 100;

/** What looks into a tag whose row is in view. */
export interface RowDetailsOptions {
  /** Looks into the tag, and has its node know it. */
  readonly read: (node: TagNode, signal: AbortSignal) => Promise<unknown>;
  /** There is something new to show. */
  readonly onRead: (node: TagNode) => void;
  /** Rows were dropped: those of them that are in view have to be asked for again. */
  readonly onDropped: () => void;
  readonly logError: (action: string, error: unknown) => void;
}

/** Looks into the tags that are in view: the last that came into view first, a few at a time. */
export class RowDetails {
  readonly #options: RowDetailsOptions;
  /** Next first. */
  #waiting: TagNode[] = [];
  readonly #running = new Map<TagNode, AbortController>();
  /** A tag that could not be read says why when it is unfolded; it is not asked for again because it is in view. */
  readonly #tried = new WeakSet<TagNode>();
  /** Where in the queue the next row goes that comes together with others: they are read in their order. */
  #position: number | undefined;
  #hasDropped = false;

  constructor(options: RowDetailsOptions) {
    this.#options = options;
  }

  /** The row is in view. */
  want(node: TagNode): void {
    if (!isWorthwhile(node) || this.#tried.has(node) || this.#running.has(node) || this.#waiting.includes(node)) return;
    if (this.#position === undefined) {
      this.#position = 0;
      queueMicrotask(() => {
        this.#position = undefined;
        this.#hasDropped ||= this.#waiting.length > MAX_WAITING;
        this.#waiting = this.#waiting.slice(0, MAX_WAITING);
        this.#next();
      });
    }
    this.#waiting.splice(this.#position, 0, node);
    this.#position += 1;
  }

  /** The rows are not there any more. */
  stop(isGone: (node: TagNode) => boolean): void {
    this.#waiting = this.#waiting.filter((node) => !isGone(node));
    for (const [node, controller] of this.#running) if (isGone(node)) controller.abort(cancelled());
  }

  #next(): void {
    while (this.#running.size < AT_A_TIME) {
      const node = this.#waiting.shift();
      if (node === undefined) break;
      if (isWorthwhile(node)) void this.#read(node);
    }
    if (this.#running.size > 0 || !this.#hasDropped) return;
    this.#hasDropped = false;
    this.#options.onDropped();
  }

  async #read(node: TagNode): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#running.set(node, controller);
    try {
      await this.#options.read(node, signal);
      if (!signal.aborted) this.#options.onRead(node);
    } catch (error) {
      if (!signal.aborted) {
        this.#tried.add(node);
        this.#options.logError(`Looking into ${node.id}`, error);
      }
    } finally {
      this.#running.delete(node);
      this.#next();
    }
  }
}

/** Nothing is asked where the list has told, and of a registry that is left alone or does not let us ask much more. */
function isWorthwhile({ place, entry, content }: TagNode): boolean {
  const { kind, state, hosting } = place;
  if (kind !== 'registry' || content !== undefined || entry.digest !== undefined || state !== undefined) return false;
  return hosting === undefined || !isScarce(hosting.capabilities);
}
