import * as z from 'zod/mini';

/** More would be no page of ours: even the largest graph has fewer things to click. */
const MAX_TARGETS = 100_000;

const part = z.enum(['manifest', 'tags', 'referrers', 'product', 'layout']);

/**
 * What the page may ask for. It names things by their place in a list that the extension keeps, never by an address: a page
 * that somebody got hold of can open and copy what is offered anyway, and nothing else.
 */
export const pageMessage = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('ready') }),
  z.strictObject({ act: z.literal('go'), target: z.int().check(z.gte(0), z.lte(MAX_TARGETS)) }),
  z.strictObject({ act: z.literal('searchTags') }),
  z.strictObject({
    act: z.literal('repair'),
    part,
    remedy: z.enum(['retry', 'credentials', 'secret', 'log']),
  }),
]);

/** What the page may say to the extension. */
export type PageMessage = z.infer<typeof pageMessage>;
