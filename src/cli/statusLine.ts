import { withoutSent } from '../oci/index.ts';
import type { CliIo } from './io.ts';

/** Lines on stderr, and below them at most one that is redrawn. */
export interface StatusLine {
  /** Whether {@link show} does anything: only a terminal is drawn on. */
  readonly isDrawn: boolean;
  /** Replaces the redrawn line. */
  show(text: string): void;
  /** Takes the redrawn line away. */
  clear(): void;
  /** Writes a line that stays, without the secrets that were sent: who got them may have put them into any text. */
  print(line: string): void;
}

/** A terminal that does not tell its width, or says 0. */
const DEFAULT_COLUMNS = 80;
const ERASE_LINE = '\r\u001b[2K';

/** A line at the end of stderr that changes in place; nothing is drawn where that is no terminal. */
export function createStatusLine(stderr: CliIo['stderr'], options: { readonly draw: boolean }): StatusLine {
  const isDrawn = options.draw && stderr.isTTY === true;
  let shown = '';
  const draw = (): void => {
    // A line as wide as the terminal would wrap, and could not be taken back.
    if (shown !== '') stderr.write(ERASE_LINE + shown.slice(0, (stderr.columns || DEFAULT_COLUMNS) - 1));
  };
  const erase = (): void => {
    if (shown !== '') stderr.write(ERASE_LINE);
  };
  return {
    isDrawn,
    show: (text) => {
      if (!isDrawn || text === shown) return;
      shown = text;
      draw();
    },
    clear: () => {
      erase();
      shown = '';
    },
    print: (line) => {
      erase();
      stderr.write(`${withoutSent(line)}\n`);
      draw();
    },
  };
}
