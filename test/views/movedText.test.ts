import { expect, it } from 'vitest';
import type { CopiedBlob } from '../../src/oci/index.ts';
import { movedText } from '../../src/views/movedText.ts';
import { blob } from '../support/artifacts.ts';

const became = (seed: number, outcome: CopiedBlob['outcome']): CopiedBlob => ({
  descriptor: { ...blob(seed).descriptor, size: 1_500 },
  outcome,
});

it('a copy says what it moved, and what the destination had elsewhere', () => {
  const blobs = [became(1, 'written'), became(2, 'existed'), became(3, 'written')];
  expect(movedText(blobs)).toBe('2 of 3 blobs, 3 kB');
  expect(movedText([...blobs, became(4, 'mounted'), became(5, 'linked')])).toBe('2 of 5 blobs, 3 kB; 2 mounted');
});
