import type { Uri } from 'vscode';
import type { Descriptor } from '../oci/index.ts';
import { setContextKey } from './contextKeys.ts';
import type { Address } from './places.ts';

/** One of two things that are compared: an artifact, or one blob of one. */
export interface CompareSide {
  readonly address: Address;
  /** Short, for titles: `ticket-sales:1.2.0`. */
  readonly name: string;
  /** Absent for an artifact. */
  readonly blob?: { readonly descriptor: Descriptor; readonly uri: Uri };
}

/** What the user has selected to be compared with something else, until another is selected. */
export class CompareSelection {
  #selected: CompareSide | undefined;

  get selected(): CompareSide | undefined {
    return this.#selected;
  }

  select(side: CompareSide): void {
    this.#selected = side;
    setContextKey('floeOci.compareSelected', true);
  }
}
