import { type CopiedBlob, formatReference, type ManifestDescriptor, type Reference } from '../oci/index.ts';
import type { Session } from './session.ts';

/** What was pushed, for the report. */
export interface Pushed {
  readonly descriptor: ManifestDescriptor;
  readonly artifactType: string;
  /** Bytes: the sum of the layers. */
  readonly size: number;
  readonly outcome: 'pushed' | 'unchanged';
  readonly blobs: readonly CopiedBlob[];
}

/** The digest alone, or the document of `--json`. */
export async function reportPush(session: Session, reference: Reference, pushed: Pushed): Promise<void> {
  const { digest } = pushed.descriptor;
  session.tell({ digest, size: pushed.size });
  if (!session.options.json) return session.output.line(digest);
  await session.output.json({
    reference: formatReference(reference),
    digest,
    size: pushed.size,
    artifactType: pushed.artifactType,
    outcome: pushed.outcome,
    blobs: pushed.blobs.map(({ descriptor, outcome }) => ({
      digest: descriptor.digest,
      size: descriptor.size,
      outcome,
    })),
  });
}
