import { setFlagsFromString } from 'node:v8';

/**
 * Has the engine collect what is young more often, in a process that is ours, where content passes twice: into a file of
 * the cache, and out of it again. Every piece is memory outside of the heap, which the engine counts late: left to itself
 * it lets more than 100 MiB of them pile up, and this way a third of that, for a sixth more of work.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
