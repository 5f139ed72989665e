/** Put in by the build. */
declare const FLOE_OCI_VERSION: string;

/** Of this package, as `MAJOR.MINOR.PATCH`; put in when it is built. */
export const version: string = FLOE_OCI_VERSION;

/** What registries see of us, as RFC 9110 section 10.1.5 wants it. */
export const userAgent = `floe-oci/${version}`;
