import type { ActivityEntry, RequestSample } from '../../oci/index.ts';

/** A row of the Activity view. The view knows rows by identity: what has the same id is the same row, as it is now. */
export type ActivityNode = RegistriesNode | RegistryNode | OperationNode;

/** Above the registries that were asked lately. */
export interface RegistriesNode {
  readonly row: 'registries';
}

/** The row of a registry, with its requests of the last minutes below. */
export interface RegistryNode {
  readonly row: 'registry';
  readonly registry: string;
  samples: readonly RequestSample[];
}

/** Something that was done, or is being done. */
export interface OperationNode {
  readonly row: 'operation';
  readonly entry: ActivityEntry;
}
