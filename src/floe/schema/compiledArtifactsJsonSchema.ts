import { compiledArtifactsSchema } from './compiledArtifacts.ts';
import { COMPILED_ARTIFACTS_TEXTS } from './fieldTexts.ts';
import { type JsonSchema, jsonSchemaOf } from './jsonSchema.ts';

export { hintsOf } from './jsonSchema.ts';

/** Documents of a later major version have another schema. */
const THIS_MAJOR = '^0\\.\\d+\\.\\d+$';

/**
 * The contract of `compiled_artifacts.json` as JSON Schema. What it refuses, `parseCompiledArtifacts` refuses too, or warns
 * of as an unknown member; not the other way round, for rules between members and days that no calendar has are beyond it.
 */
export function compiledArtifactsJsonSchema(): JsonSchema {
  const { properties, ...schema } = jsonSchemaOf(compiledArtifactsSchema, COMPILED_ARTIFACTS_TEXTS);
  const version = { ...properties?.['version'], pattern: THIS_MAJOR };
  return { ...schema, title: 'floe compiled artifacts', properties: { ...properties, version } };
}
