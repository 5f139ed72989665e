import { type Uri, workspace } from 'vscode';
import { type Descriptor, readVerified, writeFileFrom } from '../oci/index.ts';
import type { RepositoryReader } from './places.ts';
import type { TransferCall } from './transfers/transfer.ts';

/**
 * Writes one blob to a file of the user's: straight to the disk where there is one, through memory where the workspace
 * is virtual.
 */
export async function writeBlob(
  store: RepositoryReader,
  blob: Descriptor,
  file: Uri,
  call: TransferCall,
): Promise<void> {
  if (file.scheme === 'file') return await writeFileFrom(store, blob, file.fsPath, call);
  const { bytes } = await readVerified(store, blob, { signal: call.signal });
  await workspace.fs.writeFile(file, bytes);
}
