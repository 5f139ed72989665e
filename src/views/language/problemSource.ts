/** Who found it, in the Problems view. */
export const PROBLEM_SOURCE = 'Floe OCI';
