/** A stream of Node or of tar-stream. */
interface Sink {
  readonly destroyed: boolean;
  write(chunk: Uint8Array): boolean;
  on(name: 'drain' | 'close', listener: () => void): unknown;
  off(name: 'drain' | 'close', listener: () => void): unknown;
}

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
