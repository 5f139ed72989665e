import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJsonPath } from '../../src/floe/jsonPath.ts';
import { JsonSyntaxError, scanJson } from '../../src/floe/jsonScanner.ts';

const accepts = (text: string): boolean => {
  try {
    scanJson(text, 1000);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(JsonSyntaxError);
    return false;
  }
};
const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the JSON scanner', () => {
  it('accepts what JSON.parse accepts', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), (text) => accepts(text)));
  });

  it('agrees with JSON.parse on damaged JSON', () => {
    const damaged = fc
      .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.constantFrom(...'{}[],:"\\0-.eE+ tfn\n\u0001u'), fc.nat(1))
      .map(([text, position, character, removed]) => {
        const at = position % (text.length + 1);
        return text.slice(0, at) + character + text.slice(at + removed);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        expect(accepts(text)).toBe(parses(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells where every value starts', () => {
    const text = '{"a": [1, {"b.c": "x"}], "d": null}';
    const found: Record<string, string> = {};
    scanJson(text, 10, { onValue: (path, offset) => (found[formatJsonPath(path)] = text.slice(offset, offset + 3)) });
    expect(found).toEqual({ '': '{"a', a: '[1,', 'a[0]': '1, ', 'a[1]': '{"b', 'a[1]["b.c"]': '"x"', d: 'nul' });
  });

  it('sees a name that is there twice, however it is written', () => {
    const twice: string[] = [];
    scanJson('{"a":{"x":1,"\\u0078":2},"b":{"x":1}}', 10, {
      onDuplicateName: (path) => twice.push(formatJsonPath(path)),
    });
    expect(twice).toEqual(['a.x']);
  });

  it('allows as many levels as it was told', () => {
    expect(() => scanJson('[[[]]]', 3)).not.toThrow();
    expect(() => scanJson('[[[[]]]]', 3)).toThrow('nests deeper than 3 levels');
  });

  it('keeps the text of the document out of its messages', () => {
    expect(() => scanJson('{"password": hunter2}', 10)).toThrow(/^is not JSON: a value is missing$/);
  });
});
