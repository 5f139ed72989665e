import type { Uri } from 'vscode';
import type { Observer } from '../../oci/index.ts';
import type { FloeClients } from '../floeClients.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import { carryOutPull, type Pulled, type PullOptions } from './carryOutPull.ts';
import type { Content } from './content.ts';
import { findPull } from './findPull.ts';

/** What a pull works with, whoever has asked for it. */
export interface PullToParts {
  readonly clients: FloeClients;
  /** Told of what is done. */
  readonly observability: Observer;
}

/**
 * Pulls content to where it is to go, without a question, for programs: compiled artifacts into a file, anything else
 * into a folder; see `carryOutPull`.
 * @throws OciError what `findPull` and `carryOutPull` throw
 */
export async function pullTo(
  { clients, observability }: PullToParts,
  content: Content,
  target: Uri,
  options: PullOptions,
): Promise<Pulled> {
  return await observeAt(observability, 'pull', content.address, async (tell) => {
    const found = await findPull(clients, content, options);
    tell({ digest: found.digest });
    return await carryOutPull(found, target, options);
  });
}
