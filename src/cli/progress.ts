import prettyBytes from 'pretty-bytes';
import type { TransferEvent } from '../oci/index.ts';
import type { StatusLine } from './statusLine.ts';

/** Often enough to look alive, seldom enough to cost nothing. */
const REDRAW_MILLISECONDS = 100;

/** Draws what a transfer has moved: `push: 3.1 MB of 12 MB, 1 of 3 done`. */
export interface Progress {
  readonly onEvent: (event: TransferEvent) => void;
  /** Takes the line away. */
  end(): void;
}

/** Shows how far a transfer is, where a status line is drawn; `verb` begins it. */
export function createProgress(verb: string, status: StatusLine): Progress {
  if (!status.isDrawn) return { onEvent: () => {}, end: () => {} };
  const moved = new Map<string, { readonly bytes: number; readonly size: number; readonly isDone: boolean }>();
  let drawnAt = 0;
  const draw = (): void => {
    const all = [...moved.values()];
    const sum = (of: (entry: (typeof all)[number]) => number): number =>
      all.reduce((total, entry) => total + of(entry), 0);
    const bytes = `${prettyBytes(sum(({ bytes }) => bytes))} of ${prettyBytes(sum(({ size }) => size))}`;
    status.show(`${verb}: ${bytes}, ${sum(({ isDone }) => Number(isDone))} of ${all.length} done`);
  };
  return {
    onEvent: (event) => {
      const { digest, size } = event.descriptor;
      const bytes = event.kind === 'progress' ? event.bytes : event.kind === 'finished' ? size : 0;
      moved.set(digest, { bytes, size, isDone: event.kind === 'finished' });
      const now = Date.now();
      if (now - drawnAt < REDRAW_MILLISECONDS) return;
      drawnAt = now;
      draw();
    },
    end: () => status.clear(),
  };
}
