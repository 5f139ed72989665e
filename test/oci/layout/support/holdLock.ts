/** Takes a lock, says so, and keeps it until it is killed. */
import { withLock } from '../../../../src/oci/layout/lock.ts';

await withLock(process.argv[2] ?? '', () => {
  process.stdout.write('held\n');
  return new Promise(() => setInterval(() => {}, 1000));
});
