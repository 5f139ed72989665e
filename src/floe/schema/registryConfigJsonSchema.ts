import { REGISTRY_TEXTS } from './fieldTexts.ts';
import { type JsonSchema, jsonSchemaOf } from './jsonSchema.ts';
import { registryConfigSchema } from './registryConfig.ts';

let made: JsonSchema | undefined;

/** `artifacts.registry` of a manifest.yaml as JSON Schema, as the file is written. */
function registryConfigJsonSchema(): JsonSchema {
  made ??= jsonSchemaOf(registryConfigSchema, REGISTRY_TEXTS);
  return made;
}

/** What the schema says of a path below `artifacts.registry`; undefined where it knows nothing. */
export function registrySchemaAt(path: readonly (string | number)[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(below, registryConfigJsonSchema());
}

function below(schema: JsonSchema | undefined, step: string | number): JsonSchema | undefined {
  const { properties, items, additionalProperties } = schema ? formOf(schema) : {};
  const found = typeof step === 'number' ? items : (properties?.[step] ?? additionalProperties);
  return typeof found === 'object' ? found : undefined;
}

/** What may be null is, when it is there, of the other form. */
export function formOf(schema: JsonSchema): JsonSchema {
  const form = schema.anyOf?.find(({ type }) => type !== 'null');
  return form ? { ...form, ...(schema.description !== undefined && { description: schema.description }) } : schema;
}
