import type { CallOptions } from '../../oci/index.ts';

/** What is known of the artifact that a reference names, besides what is written. */
export interface ReferenceFacts {
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** Looks at the artifact; undefined where nobody may be asked. */
export type Look = (text: string, options?: CallOptions) => Promise<ReferenceFacts | undefined>;
