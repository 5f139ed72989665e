import * as z from 'zod/mini';
import type { FieldTexts } from './fieldTexts.ts';

/** The part of JSON Schema that our schemas use. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly [keyword: string]: unknown;
}

/**
 * A schema that explains and proposes, and finds nothing wrong: for documents that are not the user's to mend, and for
 * those about which somebody else tells what is wrong.
 */
export function hintsOf(schema: JsonSchema): JsonSchema {
  const { $schema, description, properties, items, anyOf = [], additionalProperties } = schema;
  const values = valuesOf(schema);
  return {
    ...($schema !== undefined && { $schema }),
    ...(values.length > 0 && { examples: values }),
    ...(properties && { properties: mapped(properties, hintsOf) }),
    ...(items && { items: hintsOf(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: hintsOf(additionalProperties) }),
    // What may be null is explained by its other form.
    ...Object.assign({}, ...anyOf.map(hintsOf)),
    // What VS Code shows formatted.
    ...(description !== undefined && { markdownDescription: description }),
  };
}

/** The values that a schema names: of a choice, of a switch. */
export function valuesOf({ type, enum: choice, anyOf = [] }: JsonSchema): readonly unknown[] {
  if (choice !== undefined) return choice;
  return type === 'boolean' ? [true, false] : anyOf.flatMap(valuesOf);
}

/** A schema as JSON Schema, with what its members are for. Rules between members are beyond it. */
export function jsonSchemaOf(schema: z.ZodMiniType, texts: FieldTexts): JsonSchema {
  // As documents are written, not as they are once defaults are filled in; and in the version that VS Code knows best.
  return described(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }) as JsonSchema, texts, '');
}

function described(schema: JsonSchema, texts: FieldTexts, path: string): JsonSchema {
  const { properties, items, anyOf, additionalProperties } = schema;
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const text = texts[path];
  return {
    ...schema,
    ...(text !== undefined && { description: text }),
    ...(properties && { properties: mapped(properties, (member, name) => described(member, texts, below(name))) }),
    ...(items && { items: described(items, texts, below('*')) }),
    ...(anyOf && { anyOf: anyOf.map((form) => withoutText(described(form, texts, path))) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: described(additionalProperties, texts, below('*')),
    }),
  };
}

/** The text stands at the choice, and is not repeated at each form of it. */
function withoutText({ description, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

function mapped(
  members: Readonly<Record<string, JsonSchema>>,
  change: (member: JsonSchema, name: string) => JsonSchema,
): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(member, name)]));
}
