/** RFC 3339, and what Python writes besides: a space for the `T`, no offset. Groups: date, time with fraction, offset. */
export const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2}(?:\.\d+)?)([Zz]|[+-]\d{2}:\d{2})?$/;

/**
 * A date and time in the form of RFC 3339, as annotations want it; undefined when the text is none. Digits are kept as they
 * are: neither precision nor another time zone is made up. A time without offset is UTC, which floe's compiler uses.
 */
export function normaliseTimestamp(text: string): string | undefined {
  const [, date, time, offset = 'Z'] = TIMESTAMP.exec(text) ?? [];
  if (date === undefined || time === undefined || !isDate(date)) return undefined;
  const normalised = `${date}T${time}${/^(?:z|[+-]00:00)$/i.test(offset) ? 'Z' : offset}`;
  return Number.isNaN(Date.parse(normalised)) ? undefined : normalised;
}

/** `Date.parse` takes 30 February for a day in March. */
function isDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
