import type { Memento } from 'vscode';
import * as z from 'zod/mini';
import type { Logger } from '../../oci/index.ts';
import { StateWriter } from '../stateWriter.ts';
import { DEFAULT_TAG_VIEW, TAG_ORDERS, type TagOrder, type TagView } from './tagView.ts';

const KEY = 'floeOci.tagViews.v1';
/** Repositories; those that were arranged last. */
const MAX_KEPT = 200;

const savedSchema = z.record(
  z.string(),
  z.object({ order: z.enum(Object.keys(TAG_ORDERS) as TagOrder[]), filter: z.optional(z.string()) }),
);

/** How the tags of repositories are shown where that is not as ever, by the ids of their rows. Outlives the window. */
export class TagViews {
  readonly #writer: StateWriter | undefined;
  readonly #views: Map<string, TagView>;

  /** @param kept where it is kept; default: nowhere */
  constructor(kept?: { readonly state: Pick<Memento, 'get' | 'update'>; readonly logger: Pick<Logger, 'warn'> }) {
    this.#writer = kept && new StateWriter(kept.state, kept.logger);
    const saved = savedSchema.safeParse(kept?.state.get<unknown>(KEY));
    this.#views = new Map(
      Object.entries(saved.data ?? {}).map(([id, { order, filter }]): [string, TagView] => [
        id,
        { order, ...(filter !== undefined && { filter }) },
      ]),
    );
  }

  get(id: string): TagView {
    return this.#views.get(id) ?? DEFAULT_TAG_VIEW;
  }

  set(id: string, view: TagView): void {
    this.#views.delete(id);
    if (view.filter !== undefined || view.order !== DEFAULT_TAG_VIEW.order) this.#views.set(id, view);
    const [oldest] = this.#views.keys();
    if (this.#views.size > MAX_KEPT && oldest !== undefined) this.#views.delete(oldest);
    this.#writer?.change(KEY, () => Object.fromEntries(this.#views));
  }
}
