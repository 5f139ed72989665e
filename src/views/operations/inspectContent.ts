import { type Inspection, inspectArtifact } from '../../floe/inspectArtifact.ts';
import type { CallOptions, Observer } from '../../oci/index.ts';
import { referenceOf } from '../places.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import type { Content } from './content.ts';

/** What the manifest of content says, for programs. @throws OciError what `inspectArtifact` throws */
export async function inspectContent(
  observer: Observer,
  { address, name }: Content,
  call: CallOptions,
): Promise<Inspection> {
  return await observeAt(observer, 'inspect', address, async (tell) => {
    const inspection = await inspectArtifact(await address.place.reader(address.repository, call), name, call);
    tell({ digest: inspection.digest });
    return { ...inspection, reference: referenceOf(address) };
  });
}
