import { type ComparedArtifacts, readCompared } from '../../floe/diffArtifacts.ts';
import type { CallOptions, Observer } from '../../oci/index.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import type { Content } from './content.ts';

/** Reads what it takes to say how two artifacts differ. @throws OciError what `readCompared` throws */
export async function compareContents(
  observer: Observer,
  left: Content,
  right: Content,
  call: CallOptions,
): Promise<ComparedArtifacts> {
  const open = async ({ address: { place, repository }, name: reference }: Content) => ({
    store: await place.reader(repository, call),
    reference,
  });
  return await observeAt(observer, 'diff', left.address, async () => {
    const [mine, yours] = await Promise.all([open(left), open(right)]);
    return await readCompared(mine, yours, call);
  });
}
