import type { KindIcon, Status } from '../overview.ts';
import { drawn } from './dom.ts';

/** Drawn with lines on 16 by 16, in the colour of the text. */
const PATHS: Readonly<Record<KindIcon | Status['look'] | 'copy' | 'copied' | 'error', string>> = {
  floe: 'M2.5 2.5h4v4h-4zM9.5 9.5h4v4h-4zM9.5 2.5h4v4h-4zM6.5 4.5h3M11.5 6.5v3',
  image: 'M1.5 5 8 2l6.5 3v6L8 14l-6.5-3zM1.5 5 8 8l6.5-3M8 8v6',
  index: 'M5.5 5.5h8v8h-8zM2.5 10.5v-8h8M8 8h3M8 11h3',
  helm: 'M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM8 1v3.5M8 11.5V15M2 4.5l3 1.8M11 9.7l3 1.8M14 4.5l-3 1.8M5 9.7l-3 1.8',
  wasm: 'M2.5 2.5h3.2a2.3 2.3 0 0 0 4.6 0h3.2v11h-11zM5 7l1 4 1-3 1 3 1-4',
  model:
    'M8 2.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM3.5 10a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM12.5 10a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM7 6.3 4.5 10M9 6.3l2.5 3.7',
  signature: 'M2 13.5h12M3 10.5c2-6 4-8 5-7s-2 5-2 6.5 2-2 3-2 .5 2 1.5 2 1.5-1 2.5-1',
  sbom: 'M6.5 4h7M6.5 8h7M6.5 12h7M2 4l1 1 1.5-2M2 8l1 1 1.5-2M2 12l1 1 1.5-2',
  attestation: 'M8 2v11M4.5 13.5h7M3 4.5h10M3 4.5 1.5 9h3zM13 4.5 11.5 9h3z',
  other: 'M2.5 4.5 8 2l5.5 2.5v7L8 14l-5.5-2.5zM2.5 4.5 8 7l5.5-2.5M8 7v7',
  passed: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM5 8.2l2.2 2.3L11 5.8',
  failed: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM5.5 5.5l5 5M10.5 5.5l-5 5',
  present: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 7v4.5M8 4.5v.6',
  absent: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM5 8h6',
  unknown: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM6 6.3c0-1.2.9-2 2-2s2 .8 2 1.8c0 1.5-2 1.5-2 3M8 11.3v.6',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  copied: 'M3 8.5 6.5 12 13 4.5',
  error: 'M8 2 14.5 13.5h-13zM8 6.5v3.5M8 11.5v.6',
};

/** A picture beside words that say the same: screen readers skip it. */
export function icon(name: keyof typeof PATHS): SVGElement {
  return drawn(
    'svg',
    { viewBox: '0 0 16 16', class: `icon icon-${name}`, 'aria-hidden': 'true', focusable: 'false' },
    drawn('path', { d: PATHS[name] }),
  );
}
