import { describe, expect, it } from 'vitest';
import { LineCounter, parseDocument } from 'yaml';
import { parseCompiledArtifacts } from '../../src/floe/compiledArtifacts.ts';
import { MAX_DOCUMENT_SIZE } from '../../src/floe/jsonDocument.ts';
import { valueAt } from '../../src/floe/jsonPath.ts';
import { type DocumentProblem, isOciError } from '../../src/oci/index.ts';
import { changed, documentOf, documentOfText, FULL_DOCUMENT, fixture, minimalDocument } from './documents.ts';

type Path = readonly (string | number)[];

const full = JSON.parse(new TextDecoder().decode(fixture(FULL_DOCUMENT).bytes)) as Record<string, unknown>;

function problemsOf(document: { file: string; bytes: Uint8Array }): readonly DocumentProblem[] {
  try {
    parseCompiledArtifacts(document);
  } catch (error) {
    if (isOciError(error, 'INVALID_DOCUMENT')) return error.details.problems;
    throw error;
  }
  return [];
}

/** Where the value at the path starts, by another reader: JSON is YAML. */
function lineAt(value: unknown, path: Path): number {
  const lines = new LineCounter();
  const { bytes } = documentOf(value);
  const document = parseDocument(new TextDecoder().decode(bytes), { lineCounter: lines });
  const node = document.getIn(path, true) as { readonly range?: readonly [number] | null } | undefined;
  return lines.linePos(node?.range?.[0] ?? 0).line;
}

/** The line of the last step of a path in a document that {@link documentOf} wrote. */
function lineOf(document: { bytes: Uint8Array }, words: string): number {
  const lines = new TextDecoder().decode(document.bytes).split('\n');
  return lines.findIndex((line) => line.includes(words)) + 1;
}

describe('a document that keeps the contract', () => {
  it('may have every field', () => {
    expect(parseCompiledArtifacts(fixture(FULL_DOCUMENT)).warnings).toEqual([]);
  });

  it('needs no more than metadata, identity and observability', () => {
    expect(problemsOf(documentOf(minimalDocument()))).toEqual([]);
    expect(problemsOf(documentOf(minimalDocument({ version: undefined })))).toEqual([]);
  });

  it.each(['0.1.0', '0.2.0', '0.6.0', '0.9.0', '0.10.0', '0.11.0', '0.99.1'])('may have version %s', (version) => {
    expect(problemsOf(documentOf(minimalDocument({ version })))).toEqual([]);
  });

  it.each(
    Object.entries({
      plugins: null,
      transforms: null,
      dbt_profiles: null,
      governance: null,
      enforcement_result: null,
      data_contracts: [],
      quality_config: null,
      inheritance_chain: [],
    }),
  )('may leave %s empty in any version', (name, value) => {
    expect(parseCompiledArtifacts(documentOf(minimalDocument({ version: '0.1.0', [name]: value }))).warnings).toEqual(
      [],
    );
  });

  it('leaves free what is not of the contract: plugin settings, profiles, parameters, the depth of data contracts', () => {
    let document: unknown = full;
    for (const path of [
      ['plugins', 'compute', 'config', 'anything'],
      ['dbt_profiles', 'anything'],
      ['transforms', 'models', 0, 'quality_checks', 0, 'parameters', 'anything'],
      ['data_contracts', 0, 'schema', 0, 'anything'],
      ['data_contracts', 0, 'schema', 0, 'properties', 0, 'anything'],
    ] satisfies Path[]) {
      document = changed(document, path, { deep: [1] });
    }
    expect(parseCompiledArtifacts(documentOf(document)).warnings).toEqual([]);
  });
});

describe('a document that breaks the contract', () => {
  const BROKEN: readonly (readonly [path: Path, value: unknown, message: string])[] = [
    [['version'], '0.10', 'must be a version such as 1.2.3'],
    [['version'], 1, 'must be text'],
    [['metadata'], undefined, 'is required'],
    [['metadata', 'compiled_at'], 'now', 'must be a date and time such as 2026-04-18T07:42:11Z'],
    [['metadata', 'source_hash'], null, 'must be text'],
    [['metadata', 'product_name'], '1st', 'must be 1 to 128 letters, digits, "_" or "-", starting with a letter'],
    [['metadata', 'product_name'], 'a\n', 'must be 1 to 128 letters, digits, "_" or "-", starting with a letter'],
    [
      ['metadata', 'product_name'],
      'a'.repeat(129),
      'must be 1 to 128 letters, digits, "_" or "-", starting with a letter',
    ],
    [['identity', 'domain'], '', 'must not be empty'],
    [['identity', 'repository'], undefined, 'is required'],
    [['mode'], 'solo', 'must be one of simple, centralized, mesh'],
    [['mode'], null, 'must be one of simple, centralized, mesh'],
    [['inheritance_chain', 0, 'scope'], 'team', 'must be one of enterprise, domain'],
    [['observability', 'lineage_namespace'], '', 'must not be empty'],
    [['observability', 'lineage_transport'], 'kafka', 'must be one of http, console, noop'],
    [['observability', 'telemetry', 'resource_attributes'], undefined, 'is required'],
    [
      ['observability', 'telemetry', 'resource_attributes', 'service_version'],
      'v1.0.0',
      'must start with a version such as 1.2.3',
    ],
    [['observability', 'telemetry', 'resource_attributes', 'floe_mode'], 'test', 'must be one of dev, staging, prod'],
    [['observability', 'telemetry', 'sampling', 'prod'], 1.5, 'must be at most 1'],
    [['observability', 'telemetry', 'otlp_protocol'], 'udp', 'must be one of grpc, http'],
    [
      ['observability', 'telemetry', 'logging', 'log_level'],
      'LOUD',
      'must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL',
    ],
    [
      ['observability', 'telemetry', 'batch_processor', 'max_export_batch_size'],
      101,
      'must not be more than max_queue_size',
    ],
    [['observability', 'telemetry', 'batch_processor', 'schedule_delay_millis'], 0, 'must be at least 1'],
    [['observability', 'telemetry', 'authentication', 'api_key'], null, 'is required when auth_type is api_key'],
    [['plugins', 'orchestrator'], undefined, 'is required'],
    [['plugins', 'compute', 'version'], '1.0.0-rc.1', 'must be a version such as 1.2.3'],
    [['plugins', 'compute', 'config'], [], 'must be an object'],
    [['transforms', 'models'], [], 'must not be empty'],
    [['transforms', 'models', 1, 'compute'], undefined, 'is required'],
    [['transforms', 'models', 0, 'quality_tier'], 'platinum', 'must be one of bronze, silver, gold'],
    [['transforms', 'models', 0, 'quality_checks', 0, 'custom_weight'], 0.05, 'must be at least 0.1'],
    [
      ['transforms', 'models', 0, 'quality_checks', 0, 'dimension'],
      'beauty',
      'must be one of completeness, accuracy, validity, consistency, timeliness',
    ],
    [['governance', 'default_ttl_hours'], 8761, 'must be at most 8760'],
    [['governance', 'snapshot_keep_last'], 0, 'must be at least 1'],
    [['governance', 'data_retention_days'], 1.5, 'must be a whole number'],
    [['governance', 'stale_table_recovery_mode'], 'hope', 'must be one of strict, repair'],
    [['enforcement_result', 'passed'], 'yes', 'must be true or false'],
    [['enforcement_result', 'error_count'], -1, 'must be at least 0'],
    [['data_contracts', 0, 'schema'], {}, 'must be a list'],
    [['data_contracts', 0, 'tags', 0], 1, 'must be text'],
    [['data_contracts'], null, 'must be a list'],
    [['quality_config', 'provider'], '', 'must not be empty'],
    [['quality_config', 'check_timeout_seconds'], 3601, 'must be at most 3600'],
  ];

  it.each(BROKEN)('at %j with %j: %s', (path, value, message) => {
    const document = changed(full, path, value);
    const problems = problemsOf(documentOf(document));
    const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
    const line = lineAt(document, valueAt(document, path) === undefined ? path.slice(0, -1) : path);
    expect(problems).toEqual([{ path: text.slice(1), message, line }]);
  });

  it('at the whole when a rule is about the whole', () => {
    const problems = problemsOf(documentOf(changed(full, ['quality_config', 'dimension_weights', 'validity'], 0.3)));
    expect(problems).toMatchObject([{ path: 'quality_config.dimension_weights', message: 'must add up to 1.0' }]);
  });

  it('is told where: the line of the value, or of what should hold it', () => {
    const wrong = documentOf(changed(full, ['plugins', 'compute', 'type'], ''));
    expect(problemsOf(wrong)).toMatchObject([{ path: 'plugins.compute.type', line: lineOf(wrong, '"type": ""') }]);
    const missing = documentOf(changed(full, ['plugins', 'compute', 'type'], undefined));
    expect(problemsOf(missing)).toMatchObject([
      { path: 'plugins.compute.type', line: lineOf(missing, '"compute": {') },
    ]);
  });

  it('has all its problems told at once, and unknown members do not hide rules between fields', () => {
    const weights = { completeness: 1, accuracy: 1, later: 1 };
    const document = changed(changed(full, ['mode'], 'solo'), ['quality_config', 'dimension_weights'], weights);
    expect(problemsOf(documentOf(document)).map(({ path }) => path)).toEqual([
      'mode',
      'quality_config.dimension_weights',
    ]);
  });

  it('has at most a hundred problems', () => {
    const models = Array.from({ length: 1000 }, () => ({}));
    expect(problemsOf(documentOf(changed(full, ['transforms', 'models'], models)))).toHaveLength(100);
  });

  it('is never quoted', () => {
    const secret = 'hunter2';
    for (const path of [
      ['mode'],
      ['metadata', 'compiled_at'],
      ['metadata', 'product_name'],
      ['plugins'],
    ] satisfies Path[]) {
      const value = path.length === 1 ? secret : `1 ${secret}`;
      try {
        parseCompiledArtifacts(documentOf(changed(full, path, value)));
        expect.unreachable();
      } catch (error) {
        expect(JSON.stringify(error) + String(error)).not.toContain(secret);
      }
    }
  });
});

describe('the version of a document', () => {
  it.each(['1.0.0', '2.10.3', '99.0.0'])('%s is refused, and what is supported is said', (version) => {
    expect(() => parseCompiledArtifacts(documentOf({ version, anything: 'else' }))).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_VERSION',
        details: {
          file: 'compiled_artifacts.json',
          version,
          supported: '0.1.0 to 0.10.0, and later 0.x versions with fields that are not known here kept as they are',
        },
      }),
    );
  });

  it('may be later than those known, with members that are not known', () => {
    const { value, warnings } = parseCompiledArtifacts(
      documentOf(changed(minimalDocument({ version: '0.11.0', later: 1 }), ['identity', 'owner'], 'ada')),
    );
    expect(warnings).toEqual([
      { path: 'identity.owner', message: 'is not known here', line: expect.any(Number) },
      { path: 'later', message: 'is not known here', line: expect.any(Number) },
    ]);
    expect(value).toMatchObject({ later: 1, identity: { owner: 'ada' } });
  });

  it('should not be earlier than the fields', () => {
    const { warnings } = parseCompiledArtifacts(documentOf({ ...full, version: '0.7.0' }));
    expect(warnings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'observability.lineage_endpoint came with version 0.8.0, later than the document states',
      'observability.lineage_transport came with version 0.8.0, later than the document states',
      'governance.default_ttl_hours came with version 0.9.0, later than the document states',
      'governance.snapshot_keep_last came with version 0.9.0, later than the document states',
      'governance.stale_table_recovery_mode came with version 0.10.0, later than the document states',
    ]);
  });

  it('names a whole section once', () => {
    const { warnings } = parseCompiledArtifacts(documentOf({ ...full, version: '0.1.0' }));
    expect(warnings.map(({ path }) => path)).toEqual([
      'plugins',
      'transforms',
      'dbt_profiles',
      'governance',
      'enforcement_result',
      'data_contracts',
      'quality_config',
      'observability.lineage_endpoint',
      'observability.lineage_transport',
    ]);
  });

  it("has a word for what floe's Python client misspells", () => {
    const { warnings } = parseCompiledArtifacts(documentOf(changed(full, ['data_contracts', 0, 'schema_'], [])));
    expect(warnings).toMatchObject([
      { path: 'data_contracts[0].schema_', message: expect.stringContaining('schema is meant') },
    ]);
  });
});

describe('bytes that are no document', () => {
  const deep = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  const at = (line: number, message: string, path = ''): DocumentProblem => ({ path, message, line });

  it.each([
    ['nothing', '', { path: '', message: 'is empty' }],
    ['text', 'hello', at(1, 'is not JSON: a value is missing')],
    ['truncated JSON', '{\n  "version": "0.1', at(2, 'is not JSON: it ends too early')],
    ['a trailing comma', '{\n  "a": 1,\n}', at(3, 'is not JSON: a member name in double quotes is missing')],
    ['a comment', '{\n// x\n}', at(2, 'is not JSON: a member name in double quotes is missing')],
    ['two documents', '{}\n{}', at(2, 'is not JSON: text after its end')],
    ['a bad escape', '{"a":\n"\\x"}', at(2, 'is not JSON: an unknown escape in a string')],
    ['a raw line break in a string', '{"a":"x\ny"}', at(1, 'is not JSON: a control character in a string')],
    ['NaN', '{"a":\n\nNaN}', at(3, 'is not JSON: a value is missing')],
    ['a list', '[{}]', at(1, 'is not a JSON object')],
    ['null', 'null', at(1, 'is not a JSON object')],
    ['a repeated member', '{"a":{"b":1,\n"b":2}}', at(2, 'is there twice', 'a.b')],
    ['a byte order mark', '\uFEFF{}', at(1, 'starts with a byte order mark; save it as UTF-8 without one')],
    ['a thousand levels', deep(1000), at(1, 'nests deeper than 128 levels')],
  ])('%s', (_, text, problem) => {
    expect(problemsOf(documentOfText(text))).toEqual([problem]);
  });

  it('invalid UTF-8, by its line', () => {
    const bytes = Buffer.concat([Buffer.from('{\n"é": 1,\n"a": "'), Buffer.from([0xc3, 0x28]), Buffer.from('"\n}')]);
    expect(problemsOf({ file: 'x', bytes })).toEqual([at(3, 'is not UTF-8')]);
  });

  it('more than any document has', () => {
    const bytes = new Uint8Array(MAX_DOCUMENT_SIZE + 1);
    expect(problemsOf({ file: 'x', bytes })).toEqual([
      { path: '', message: 'is larger than 16 MiB, the most that is accepted' },
    ]);
  });

  it('a million levels, without running out of stack', () => {
    expect(problemsOf(documentOfText('['.repeat(1_000_000)))).toEqual([at(1, 'nests deeper than 128 levels')]);
  });
});
