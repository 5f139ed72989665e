import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { getLanguageService, type JSONSchema, TextDocument } from 'vscode-json-languageservice';
import { parseCompiledArtifacts } from '../../../src/floe/compiledArtifacts.ts';
import { compiledArtifactsJsonSchema } from '../../../src/floe/schema/compiledArtifactsJsonSchema.ts';
import { hintsOf, type JsonSchema } from '../../../src/floe/schema/jsonSchema.ts';
import { isOciError } from '../../../src/oci/index.ts';
import { changed, documentOf, FULL_DOCUMENT, fixture, minimalDocument } from '../documents.ts';

type Path = readonly (string | number)[];

const full = JSON.parse(new TextDecoder().decode(fixture(FULL_DOCUMENT).bytes)) as Record<string, unknown>;
const strict = compiledArtifactsJsonSchema();
const hints = hintsOf(strict);

/** What VS Code itself does with a schema. */
const service = getLanguageService({});
const SCHEMA = 'schema://test';

function openedWith(schema: JsonSchema, value: unknown) {
  const document = TextDocument.create('oci://test/compiled_artifacts.json', 'json', 1, JSON.stringify(value, null, 2));
  service.configure({
    schemas: [{ uri: SCHEMA, fileMatch: ['*.json'], schema: structuredClone(schema) as unknown as JSONSchema }],
  });
  return { document, json: service.parseJSONDocument(document) };
}

async function isRefused(schema: JsonSchema, value: unknown): Promise<boolean> {
  const { document, json } = openedWith(schema, value);
  return (await service.doValidation(document, json)).length > 0;
}

/** Whether the document breaks the contract, or has a member that this version of it does not know. */
function isQuestioned(value: unknown): boolean {
  try {
    return parseCompiledArtifacts(documentOf(value)).warnings.some(({ message }) => message.includes('not known here'));
  } catch (error) {
    if (isOciError(error, 'INVALID_DOCUMENT') || isOciError(error, 'UNSUPPORTED_VERSION')) return true;
    throw error;
  }
}

describe('the published JSON Schema', () => {
  it.each(['0.1.0', '0.5.0', '0.6.0', '0.8.0', '0.10.0'])('accepts a document of version %s', async (version) => {
    expect(await isRefused(strict, { ...minimalDocument(), version })).toBe(false);
  });

  it('accepts every member of the contract', async () => {
    expect(await isRefused(strict, full)).toBe(false);
  });

  const CHANGES: readonly (readonly [path: Path, value: unknown])[] = [
    [['version'], '0.10'],
    [['version'], '1.0.0'],
    [['version'], undefined],
    [['metadata'], undefined],
    [['metadata', 'compiled_at'], 'now'],
    [['metadata', 'compiled_at'], '2026-04-18 07:42:11'],
    [['metadata', 'product_name'], '1st'],
    [['identity', 'domain'], ''],
    [['mode'], 'solo'],
    [['mode'], null],
    [['governance'], null],
    [['governance', 'default_ttl_hours'], 8761],
    [['governance', 'data_retention_days'], 1.5],
    [['observability', 'telemetry', 'sampling', 'prod'], 1.5],
    [['observability', 'telemetry', 'logging', 'log_level'], 'LOUD'],
    [['plugins', 'compute', 'version'], '1.0.0-rc.1'],
    [['plugins', 'compute', 'config', 'anything'], { deep: [1] }],
    [['transforms', 'models'], []],
    [['transforms', 'models', 0, 'quality_tier'], 'platinum'],
    [['transforms', 'models', 0, 'nickname'], 'x'],
    [['data_contracts', 0, 'schema'], {}],
    [['data_contracts', 0, 'schema_'], []],
    [['enforcement_result', 'passed'], 'yes'],
    [['quality_config', 'check_timeout_seconds'], 3601],
    [['build'], { number: 4 }],
  ];

  it.each(CHANGES)('judges %j with %j as the program does', async (path, value) => {
    const document = changed(full, path, value);
    expect(await isRefused(strict, document)).toBe(isQuestioned(document));
  });

  it('knows levels of logging whatever their case, as the program does', async () => {
    const document = changed(full, ['observability', 'telemetry', 'logging', 'log_level'], 'info');
    expect([await isRefused(strict, document), isQuestioned(document)]).toEqual([false, false]);
  });

  it('says what the members are for', () => {
    const texts = JSON.stringify(strict).match(/"description":/g) ?? [];
    expect(texts.length).toBeGreaterThan(50);
  });
});

describe('the hints for editors', () => {
  it.each([[{}], [minimalDocument({ version: '7.0.0', mode: 3 })], [{ metadata: [] }], [[1]], [{ transforms: null }]])(
    'find nothing wrong with %j',
    async (value) => {
      expect(await isRefused(hints, value)).toBe(false);
    },
  );

  it('explain a member under the pointer, also where it may be null', async () => {
    const { document, json } = openedWith(hints, full);
    const at = document.positionAt(document.getText().indexOf('"snapshot_keep_last"') + 2);
    const hover = await service.doHover(document, at, json);
    expect(JSON.stringify(hover?.contents)).toContain('How many snapshots are kept at least');
  });

  it('propose members, and the values of a choice', async () => {
    const { document, json } = openedWith(hints, { mode: 'mesh' });
    const text = document.getText();
    const members = await service.doComplete(document, document.positionAt(text.indexOf('"mode"') + 1), json);
    expect(members?.items.map(({ label }) => label)).toContain('governance');
    const values = await service.doComplete(document, document.positionAt(text.indexOf('mesh')), json);
    expect(values?.items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['"simple"', '"centralized"', '"mesh"']),
    );
  });
});

it('both come with the extension, and VS Code uses the one that finds nothing wrong', () => {
  const { jsonValidation } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  ).contributes;
  expect(jsonValidation).toContainEqual({
    fileMatch: ['compiled_artifacts.json', '*.compiled_artifacts.json'],
    url: './schemas/compiled_artifacts.hints.schema.json',
  });
  expect(JSON.stringify(jsonValidation)).not.toContain('compiled_artifacts.schema.json');
});
