/** What the build puts in the place of this name; sources that are run as they are find it here. To be imported first. */
Reflect.set(globalThis, 'FLOE_OCI_VERSION', '0.0.0-bench');
