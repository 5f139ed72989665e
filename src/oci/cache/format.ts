/** Says that a folder is a cache, and by which rules: what it holds may be removed to make room. */
export const FORMAT_FILE = 'floe-oci-cache.json';

/** The folder of reference records, beside what makes the folder an image layout. */
export const REFERENCES = 'references';

/** Goes up when older versions would misread or damage the folder. */
export const VERSION = 1;
