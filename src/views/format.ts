import prettyBytes from 'pretty-bytes';
import { env, l10n } from 'vscode';

/** A size in bytes, for people: `4.6 kB`. */
export function formatSize(bytes: number): string {
  return prettyBytes(bytes, { locale: env.language });
}

const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** A time in seconds, for people, rounded up: `7 s`, `3 min`, `2 h`. */
export function formatDuration(seconds: number): string {
  if (seconds <= 99) return l10n.t('{0} s', Math.max(1, Math.ceil(seconds)));
  return seconds <= 99 * 60 ? l10n.t('{0} min', Math.ceil(seconds / 60)) : l10n.t('{0} h', Math.ceil(seconds / 3_600));
}

/** How long ago, for people: `2 days ago`. Undefined when the text is no time. */
export function formatAge(time: string | undefined, now: number = Date.now()): string | undefined {
  const seconds = (Date.parse(time ?? '') - now) / 1000;
  if (Number.isNaN(seconds)) return undefined;
  const format = new Intl.RelativeTimeFormat(env.language);
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return l10n.t('just now');
}
