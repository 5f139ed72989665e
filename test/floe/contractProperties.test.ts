import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineCounter, parseDocument } from 'yaml';
import { parseCompiledArtifacts } from '../../src/floe/compiledArtifacts.ts';
import { formatJsonPath, valueAt } from '../../src/floe/jsonPath.ts';
import { reviewCompiledArtifacts } from '../../src/floe/reviewCompiledArtifacts.ts';
import { compiledArtifactsJsonSchema } from '../../src/floe/schema/compiledArtifactsJsonSchema.ts';
import type { JsonSchema } from '../../src/floe/schema/jsonSchema.ts';
import { type DocumentProblem, isOciError } from '../../src/oci/index.ts';
import { changed, documentOf, FULL_DOCUMENT, fixture } from './documents.ts';

type Path = readonly (string | number)[];

const full = JSON.parse(new TextDecoder().decode(fixture(FULL_DOCUMENT).bytes)) as Record<string, unknown>;

interface Member {
  readonly path: Path;
  readonly isRequired: boolean;
  readonly schema: JsonSchema;
}

/** The members of the full document that the contract knows, outermost first. */
function membersOf(schema: JsonSchema, value: unknown, path: Path = []): readonly Member[] {
  const form = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  if (Array.isArray(value)) {
    const { items } = form;
    return items ? value.flatMap((item, index) => membersOf(items, item, [...path, index])) : [];
  }
  const { properties, required = [] } = form;
  if (properties === undefined || typeof value !== 'object' || value === null) return [];
  return Object.entries(properties).flatMap(([name, member]) => {
    const below = [...path, name];
    const inside = (value as Record<string, unknown>)[name];
    if (inside === undefined) return [];
    return [{ path: below, isRequired: required.includes(name), schema: member }, ...membersOf(member, inside, below)];
  });
}

const members = membersOf(compiledArtifactsJsonSchema(), full);
/** What a rule between members is about: leaving one out may break it. */
const isBound = ({ path }: Member): boolean =>
  path.some((step) => ['dimension_weights', 'authentication', 'batch_processor'].includes(String(step)));
const optional = members.filter((member) => !member.isRequired && !isBound(member));
const required = members.filter((member) => member.isRequired);
/** Objects that are there, and know all their members. */
const closed = members.filter(({ path, schema }) => {
  const isClosed = (schema.anyOf ?? [schema]).some((form) => form.additionalProperties === false);
  return isClosed && valueAt(full, path) !== null;
});
const single = members.filter(({ path, schema }) => {
  return typeof valueAt(full, path) !== 'object' && (schema.type ?? schema.enum ?? schema.anyOf) !== undefined;
});

interface Told {
  readonly problems: readonly DocumentProblem[];
  readonly warnings: readonly DocumentProblem[];
}

function told(value: unknown): Told {
  try {
    return { problems: [], warnings: parseCompiledArtifacts(documentOf(value)).warnings };
  } catch (error) {
    if (!isOciError(error, 'INVALID_DOCUMENT')) throw error;
    return { problems: error.details.problems, warnings: [] };
  }
}

/** Where the value at the path starts, by another reader: JSON is YAML. */
function lineOf(value: unknown, path: Path): number {
  const text = new TextDecoder().decode(documentOf(value).bytes);
  const lines = new LineCounter();
  const node = parseDocument(text, { lineCounter: lines }).getIn(path, true) as { range?: [number] | null } | undefined;
  return lines.linePos(node?.range?.[0] ?? 0).line;
}

const withoutSome = fc.subarray([...optional]).map((left) =>
  left.toReversed().reduce((document, { path }) => {
    // An entry of a list that was left out with the list is gone already.
    return valueAt(document, path.slice(0, -1)) === undefined ? document : changed(document, path, undefined);
  }, full),
);

describe('any document', () => {
  it('may leave out whatever the contract lets it, in any combination', () => {
    fc.assert(
      fc.property(withoutSome, (document) => {
        expect(told(document)).toEqual({ problems: [], warnings: [] });
        expect(reviewCompiledArtifacts(JSON.stringify(document))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('with a list where a single value belongs has that one problem, with its path and line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...single), ({ path }) => {
        const document = changed(full, path, []);
        const { problems } = told(document);
        expect(problems.map((problem) => problem.path)).toContain(formatJsonPath(path));
        const problem = problems.find((one) => one.path === formatJsonPath(path));
        expect(problem).toMatchObject({ line: lineOf(document, path), message: expect.stringMatching(/^must be /) });
        expect(problems.every((one) => formatJsonPath(path).startsWith(one.path.replace(/\.\w+$/, '')))).toBe(true);
      }),
      { numRuns: 80 },
    );
  });

  it('without something that is required is told so, at the line of what is around it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...required), ({ path }) => {
        const document = changed(full, path, undefined);
        expect(told(document).problems).toEqual([
          { path: formatJsonPath(path), message: 'is required', line: lineOf(document, path.slice(0, -1)) },
        ]);
      }),
      { numRuns: 80 },
    );
  });

  it('with one member more has that one warning, and is accepted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...closed), fc.stringMatching(/^zz[a-z_. -]{1,12}$/), ({ path }, name) => {
        const added = [...path, name];
        const document = changed(full, added, { any: ['thing'] });
        const { problems, warnings } = told(document);
        expect(problems).toEqual([]);
        expect(warnings).toMatchObject([{ path: formatJsonPath(added), message: 'is not known here' }]);
      }),
      { numRuns: 60 },
    );
  });

  it('is marked at text that is there, however it is broken', () => {
    fc.assert(
      fc.property(fc.constantFrom(...members), fc.jsonValue(), ({ path }, value) => {
        const text = JSON.stringify(changed(full, path, value), null, 2);
        for (const { start, end } of reviewCompiledArtifacts(text)) {
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 80 },
    );
  });
});
