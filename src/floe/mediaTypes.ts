/**
 * The artifact type of compiled artifacts, and the media type of their one layer. Its `.v1` is the version of this wire
 * form, not of the document inside.
 */
export const COMPILED_ARTIFACTS_TYPE = 'application/vnd.floe.compiled-artifacts.v1+json';

/** The title of the layer that is the document. floe's Python client finds the document by this name and nothing else. */
export const COMPILED_ARTIFACTS_TITLE = 'compiled_artifacts.json';
