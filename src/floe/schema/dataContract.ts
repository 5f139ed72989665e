import * as z from 'zod/mini';
import { freeObject, nullish, strings, text } from './fields.ts';

const objects = nullish(z.array(freeObject));

/**
 * One of `data_contracts`: a document of the Open Data Contract Standard. Its members are known, so that a misspelt one is
 * seen; what is inside them belongs to that standard and is not judged here.
 * https://bitol-io.github.io/open-data-contract-standard/v3.1.0/
 */
export const dataContract = z.strictObject({
  apiVersion: nullish(text),
  kind: nullish(text),
  id: nullish(text),
  name: nullish(text),
  version: nullish(text),
  status: nullish(text),
  tenant: nullish(text),
  domain: nullish(text),
  dataProduct: nullish(text),
  tags: nullish(strings),
  description: nullish(freeObject),
  authoritativeDefinitions: objects,
  schema: objects,
  servers: objects,
  support: objects,
  price: nullish(freeObject),
  /** An object, or a list of members as before version 3.1. */
  team: z.optional(z.unknown()),
  roles: objects,
  slaDefaultElement: nullish(text),
  slaProperties: objects,
  customProperties: objects,
  contractCreatedTs: nullish(text),
});
