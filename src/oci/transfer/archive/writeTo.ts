import type { extract, Pack } from 'tar-stream';

type Sink = ReturnType<typeof extract> | ReturnType<Pack['entry']>;

/** Writes a chunk, and waits until there is room for another. False when the stream takes no more. */
export async function writeTo(sink: Sink, chunk: Uint8Array): Promise<boolean> {
  if (sink.destroyed) return false;
  if (sink.write(chunk)) return true;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      sink.off('drain', go);
      sink.off('close', go);
      resolve();
    };
    sink.on('drain', go);
    sink.on('close', go);
  });
  return !sink.destroyed;
}
