import { createHash } from 'node:crypto';

/**
 * How often this process hashes all of a blob while something is done, counted where all hashing comes by; to a hundredth,
 * in which names and manifests are lost.
 * @param size bytes of the blob. A piece that is as large does not count: a registry in this process hashes it at once
 */
export async function timesHashed(size: number, act: () => Promise<unknown>): Promise<number> {
  const prototype = Object.getPrototypeOf(createHash('sha256'));
  const { update } = prototype;
  let bytes = 0;
  prototype.update = function (this: unknown, chunk: string | Uint8Array, ...rest: readonly unknown[]) {
    if (chunk.length !== size) bytes += chunk.length;
    return update.call(this, chunk, ...rest);
  };
  try {
    await act();
  } finally {
    prototype.update = update;
  }
  return Math.round((100 * bytes) / size) / 100;
}
