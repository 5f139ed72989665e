import type { CallOptions, ReferrerLister, Target } from '../content/store.ts';
import { readVerified, sourceOf } from '../content/verify.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';

/**
 * Sees to it that a referrer which the store had already is among those of its subject: where clients keep that list,
 * whoever wrote the referrer may have been interrupted in between. Writes it once more when it is not.
 * @throws OciError what reading, listing and writing throw
 */
export async function ensureListed(
  store: Target & ReferrerLister,
  referrer: ManifestDescriptor,
  subject: Digest,
  options: CallOptions = {},
): Promise<void> {
  for await (const { digest } of store.referrers(subject, options)) if (digest === referrer.digest) return;
  const { bytes } = await readVerified(store, referrer, options);
  await store.write(referrer, sourceOf(bytes), { ...options, rewrite: true });
}
