import { Uri } from 'vscode';

/** Of the rows of tags. It names no document: VS Code asks for the decorations of what is in view by it. */
export const ROW_SCHEME = 'floe-oci-row';

/** @param id of the row */
export function rowUri(id: string): Uri {
  return Uri.from({ scheme: ROW_SCHEME, path: `/${id}` });
}

/** The id in such an address; undefined for any other. */
export function idOfRowUri({ scheme, path }: Uri): string | undefined {
  return scheme === ROW_SCHEME ? path.slice(1) : undefined;
}
