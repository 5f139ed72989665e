/** The language-model tools, as package.json contributes them. */
export const TOOL_NAMES = ['floe-oci_list_tags', 'floe-oci_get_manifest', 'floe-oci_compare', 'floe-oci_pull'] as const;

/** A tool of ours, as package.json names it. */
export type ToolName = (typeof TOOL_NAMES)[number];
