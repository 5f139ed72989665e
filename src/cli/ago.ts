/** Milliseconds, largest first. */
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** `3 hours ago`, in the largest unit of which there is a whole one. */
export function ago(milliseconds: number): string {
  const [unit, length] = UNITS.find(([, one]) => milliseconds >= one) ?? ['second', 1000];
  return new Intl.RelativeTimeFormat('en').format(-Math.floor(milliseconds / length), unit);
}

/** What to say of a tag that comes from the cache alone. */
export function asItWas(name: string, age: number): string {
  return `${name} is as it was ${ago(age)}`;
}
