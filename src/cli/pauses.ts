import type { Availability } from '../oci/index.ts';

/** Milliseconds; a shorter wait is over before its line is read. */
const MIN_TOLD = 3000;

/** Says of each host that it is left alone, until when and why: a command that waits, or fails at once, is no riddle. */
export function tellPauses(availability: Availability, warn: (text: string) => void): void {
  availability.onChange((change) => {
    if (change.kind !== 'pause') return;
    const { host, until, reason } = change.pause;
    if (Date.parse(until) - availability.clock.now() >= MIN_TOLD)
      warn(`${host} is left alone until ${until}: ${reason}`);
  });
}
