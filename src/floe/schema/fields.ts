import * as z from 'zod/mini';
import { normaliseTimestamp, TIMESTAMP } from '../timestamp.ts';

/** May be left out or null; the contract means the same by both. */
export const nullish = <T extends z.ZodMiniType>(schema: T): z.ZodMiniOptional<z.ZodMiniNullable<T>> =>
  z.optional(z.nullable(schema));

/** Any text, also an empty one. */
export const text = z.string();
/** Text that says something. */
export const nonEmpty = z.string().check(z.minLength(1));
/** A name of 1 to 128 characters. */
export const name128 = z.string().check(z.minLength(1), z.maxLength(128));
/** A list of texts. */
export const strings = z.array(z.string());
/** An object whose members are not ours to know. */
export const freeObject = z.record(z.string(), z.unknown());
const NO_TIMESTAMP = 'must be a date and time such as 2026-04-18T07:42:11Z';
/** The form is a check of its own, which a JSON Schema can have too. */
export const timestamp = z.string().check(
  z.regex(TIMESTAMP, { error: NO_TIMESTAMP, abort: true }),
  z.refine((value) => normaliseTimestamp(value) !== undefined, NO_TIMESTAMP),
);
/** Pre-releases are not taken, neither for documents nor for plugins. */
export const release = z.string().check(z.regex(/^\d+\.\d+\.\d+$/, 'must be a version such as 1.2.3'));

/** A whole number from `minimum` to `maximum`, both included. */
export const whole = (minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): z.ZodMiniNumber =>
  z.int().check(z.gte(minimum), z.lte(maximum));
/** A number from `minimum` to `maximum`, both included. */
export const between = (minimum: number, maximum: number): z.ZodMiniNumber =>
  z.number().check(z.gte(minimum), z.lte(maximum));

/** A rule of which the sentence depends on the value; `name` is the member it is about, empty for the value itself. */
export function rule<T>(name: string, problemOf: (value: T) => string | undefined): z.core.CheckFn<T> {
  return (context) => {
    const message = problemOf(context.value);
    if (message === undefined) return;
    context.issues.push({ code: 'custom', input: context.value, path: name === '' ? [] : [name], message });
  };
}
