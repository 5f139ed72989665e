import { join } from 'node:path';
import { isOciError } from '../errors.ts';
import { withLock } from '../layout/lock.ts';

/** Awaited right before a record is replaced. */
export type Confirm = () => Promise<void>;

/**
 * Milliseconds to wait for other processes, which are done within a few. Whoever holds the lock for longer was killed or is
 * suspended, and a pull does not wait for those: it goes on without, as good as alone.
 */
const PATIENCE = 1000;

/** How often to begin anew when the lock is taken away. */
const MAX_TURNS = 3;

/**
 * Runs a task that looks at a record and replaces it, while no other process does the same. Records share sixteen locks by
 * the first digit of their file's name: few enough to be no litter where they are left behind, enough not to wait often.
 * When the lock is taken away the task begins anew; after {@link MAX_TURNS} the record stays what it is.
 * @throws OciError FILE_NOT_WRITABLE, and what the task throws
 */
export async function inRecordTurn(
  root: string,
  fileName: string,
  task: (confirm: Confirm) => Promise<void>,
): Promise<void> {
  const lock = join(root, `.records-${fileName.charAt(0)}.lock`);
  for (let turn = 1; turn <= MAX_TURNS; turn++) {
    try {
      return await withLock(lock, ({ confirm }) => task(confirm), { timeout: PATIENCE });
    } catch (error) {
      if (isOciError(error, 'LOCKED')) return task(async () => {});
      if (!isOciError(error, 'LOCK_LOST')) throw error;
    }
  }
}
