import { packFiles } from '../../floe/packFiles.ts';
import type { Packed } from '../../floe/pushUnderTag.ts';
import { type Annotations, layersOfFiles } from '../../oci/index.ts';
import type { TransferCall } from '../transfers/transfer.ts';

/** What the manifest of packed files says besides them. */
export interface PackPathsOptions extends Pick<TransferCall, 'signal'> {
  readonly artifactType?: string | undefined;
  readonly annotations?: Annotations | undefined;
}

/**
 * Makes one artifact of files and folders of the disk, each a layer titled with its name. It is ready to be sent until it
 * is disposed of: folders are packed into temporary files.
 * @throws OciError what `layersOfFiles` and `packFiles` throw
 */
export async function packPaths(
  paths: readonly string[],
  { artifactType, annotations, signal }: PackPathsOptions,
): Promise<Packed & AsyncDisposable> {
  const packed = await layersOfFiles(
    paths.map((path) => ({ path })),
    { signal },
  );
  const dispose = packed[Symbol.asyncDispose].bind(packed);
  try {
    const described = { ...(artifactType !== undefined && { artifactType }), ...(annotations && { annotations }) };
    const artifact = await packFiles({ ...described, layers: packed.layers }, { signal });
    return { ...artifact, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
