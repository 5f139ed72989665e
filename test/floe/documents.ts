import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentFile } from '../../src/floe/jsonDocument.ts';

/** A document of version 0.10.0 with every field of the contract in it, and none of its words is a secret. */
export const FULL_DOCUMENT = 'harbour-traffic.json';

export function fixture(name: string): DocumentFile {
  return { file: name, bytes: readFileSync(join(import.meta.dirname, '../fixtures/floe', name)) };
}

/** As JSON, on many lines. */
export function documentOf(value: unknown, file = 'compiled_artifacts.json'): DocumentFile {
  return documentOfText(JSON.stringify(value, null, 2), file);
}

export function documentOfText(text: string, file = 'compiled_artifacts.json'): DocumentFile {
  return { file, bytes: new TextEncoder().encode(text) };
}

/** The least that the contract asks for; members given replace these. */
export function minimalDocument(members: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    version: '0.10.0',
    metadata: {
      compiled_at: '2026-03-02T05:06:07Z',
      floe_version: '0.3.0',
      source_hash: 'sha256:abc',
      product_name: 'tides',
      product_version: '1.4.0',
    },
    identity: { product_id: 'ports.tides', domain: 'ports', repository: 'github.com/lighthouse/tides' },
    observability: {
      telemetry: {
        resource_attributes: {
          service_name: 'tides',
          service_version: '1.4.0',
          deployment_environment: 'dev',
          floe_namespace: 'ports',
          floe_product_name: 'tides',
          floe_product_version: '1.4.0',
          floe_mode: 'dev',
        },
      },
      lineage_namespace: 'ports.tides',
    },
    ...members,
  };
}

/** A copy with the value at the path replaced, or removed when it is undefined. */
export function changed<T>(document: T, path: readonly (string | number)[], value: unknown): T {
  const copy = structuredClone(document);
  let parent = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
