import type { Cell } from './recording.ts';

/** An exchange that is not of the same bytes, and why. What is left out of `where` is: anywhere. */
interface KnownDifference {
  readonly where: Partial<Pick<Cell, 'registry' | 'kind' | 'writer' | 'reader'>>;
  /** What is said or seen then. */
  readonly outcome: RegExp;
  /** A sentence for the page. */
  readonly reason: string;
}

/** None of them is ours: whatever this project's client writes or reads is the same everywhere. */
const knownDifferences: readonly KnownDifference[] = [
  ...(['writer', 'reader'] as const).map((role) => ({
    where: { kind: 'nested index', [role]: 'skopeo' },
    outcome: /manifest list instead of a manifest for a single image/,
    reason: 'skopeo copies no index that is inside an index.',
  })),
  ...['docker-registry 2.8', 'distribution 3'].map((registry) => ({
    where: { kind: 'referrers', writer: 'oras-py', registry },
    outcome: /the registry lists no referrer/,
    reason: 'oras-py does not list what it attaches under the tag that stands in for a referrers API.',
  })),
];

/** What is known to happen there; undefined where the bytes are the same. */
export function differenceOf(cell: Omit<Cell, 'outcome'>): RegExp | undefined {
  return known(cell)?.outcome;
}

/** Why it happens. */
export function reasonOf(cell: Cell): string | undefined {
  return known(cell)?.reason;
}

function known(cell: Omit<Cell, 'outcome'>): KnownDifference | undefined {
  return knownDifferences.find(({ where }) =>
    Object.entries(where).every(([key, value]) => Reflect.get(cell, key) === value),
  );
}
