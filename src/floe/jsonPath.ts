import type { JsonPath } from './jsonScanner.ts';

const PLAIN_NAME = /^[A-Za-z_$][\w$-]*$/;
/** Longer names are cut: a path is for people, and names come from documents of any origin. */
const MAX_NAME = 64;

/** `transforms.models[0].name`; names that are not plain words are quoted: `dbt_profiles["a.b"]`. Empty for the document. */
export function formatJsonPath(path: JsonPath): string {
  return path.map(formatStep).join('').replace(/^\./, '');
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  const name = step.length > MAX_NAME ? `${step.slice(0, MAX_NAME)}…` : step;
  return PLAIN_NAME.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** The value at the path, or undefined where there is none. */
export function valueAt(document: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    document,
  );
}
