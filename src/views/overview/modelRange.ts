import { MAX_DEPTH } from '../../floe/jsonDocument.ts';
import { JsonSyntaxError, scanJson } from '../../floe/jsonScanner.ts';
import type { TextRange } from '../../floe/textRange.ts';

/** Where the model at a position of `transforms.models` stands in the text of its document; undefined where there is none. */
export function modelRange(text: string, position: number): TextRange | undefined {
  let range: TextRange | undefined;
  try {
    scanJson(text, MAX_DEPTH, {
      onValueEnd: (path, start, end) => {
        if (path.length === 3 && path[0] === 'transforms' && path[1] === 'models' && path[2] === position) {
          range = { start, end };
        }
      },
    });
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  return range;
}
