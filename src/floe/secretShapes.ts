/**
 * Texts that are secrets wherever they stand, by the form their issuer gives them. Each form is long and peculiar enough
 * that no name, description or hash has it. None can take more than linear time.
 */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/,
  // JSON Web Token: header and claims are JSON objects, so both start with {" in base64url.
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/,
  // Amazon access key ids, long-lived and temporary.
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/,
  // Google API key, OAuth access token, OAuth client secret.
  /\bAIza[\w-]{35}/,
  /\bya29\.[\w-]{20,}/,
  /\bGOCSPX-[\w-]{28}/,
  // Microsoft Entra client secret; storage account key; shared access signature.
  /(?:^|[^\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/,
  /\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}/,
  /[?&]sig=[A-Za-z0-9%+/]{40,}/,
  // GitHub, GitLab.
  /\bgh[pousr]_[A-Za-z0-9]{36,}/,
  /\bgithub_pat_\w{22,}/,
  /\bgl(?:pat|ptt|dt|rt|cbt|soat)-[\w-]{20,}/,
  // Slack token and webhook.
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /\bxapp-\d-[A-Za-z0-9-]{10,}/,
  /\bhooks\.slack\.com\/services\/T\w+\/B\w+\/\w{20,}/,
  // Docker Hub, npm, PyPI, HashiCorp Vault, Databricks, dbt Cloud, Hugging Face, Anthropic, OpenAI, Stripe.
  /\bdckr_(?:pat|oat)_[\w-]{20,}/,
  /\bnpm_[A-Za-z0-9]{36}/,
  /\bpypi-AgEIcHlwaS5vcmc[\w-]{20,}/,
  /\bhv[sbr]\.[\w-]{24,}/,
  /\bdapi[0-9a-f]{32}/,
  /\bdbt[cu]_[\w=-]{30,}/,
  /\bhf_[A-Za-z]{34}/,
  /\bsk-ant-[\w-]{20,}/,
  /\bsk-(?:proj-)?[\w-]*T3BlbkFJ[\w-]{20,}/,
  /\b[rs]k_live_[A-Za-z0-9]{20,}/,
];

/** `scheme://user:password@host`; the group is the password. The user's name ends the search early in long texts. */
const PASSWORD_IN_URL = /\b[a-z][a-z0-9+.-]{1,31}:\/\/[^\s:@/]{0,128}:([^\s@/]{1,256})@/gi;
/** `…;Password=x;…`, as in ODBC and ADO strings, and `host=… password=x …` as in libpq's; the group is the password. */
const PASSWORD_IN_PAIRS = /(?:^|[;\s&?])(?:password|passwd|pwd|secret|token)=(?!=)(["']?)([^;\s&"']{1,256})\1/gi;

/** No shape is shorter, and most texts of a document are. */
const SHORTEST_SHAPE = 15;

/** Whether the text has a secret in it that can be told by its form alone. */
export function hasSecretShape(text: string): boolean {
  return (
    (text.length >= SHORTEST_SHAPE && SHAPES.some((shape) => shape.test(text))) ||
    (text.includes('://') && groupsOf(PASSWORD_IN_URL, 1, text).some(isLiteral)) ||
    (text.includes('=') && groupsOf(PASSWORD_IN_PAIRS, 2, text).some(isLiteral))
  );
}

function groupsOf(pattern: RegExp, group: number, text: string): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[group] ?? '');
}

/**
 * References that count wherever they stand in a text: a call or a name in braces, without a literal default, as in
 * `{{ env_var('X') }}`, `${{ secrets.X }}`, `${X}`, `$(X)`, `{x}`, `%(x)s`.
 */
const REFERENCES: readonly RegExp[] = [
  /\{\{-?\s*[A-Za-z_][\w.]*(?:\[['"][\w.-]+['"]\])?\s*(?:\(\s*['"][^'"]{0,200}['"]\s*(?:,\s*(?:''|"")\s*)?\))?\s*(?:\|\s*\w+\s*)?-?\}\}/,
  /\$\{[A-Za-z_][\w.-]*(?::-)?\}/,
  /\$\([A-Za-z_][\w.-]*\)/,
  /(?<!\{)\{[A-Za-z_]\w*\}(?!\})/,
  /%\([A-Za-z_]\w*\)s/,
];

/** What stands for a secret, as a whole, without being one. */
const STAND_INS: readonly RegExp[] = [
  /^\$[A-Za-z_]\w*$/,
  /^%[A-Za-z_]\w*%$/,
  // Addresses in secret stores, and files of mounted secrets.
  /^(?:secrets?|ref\+\w+|vault|op|env|file|k8s|kubernetes|aws-?sm|gcpsm|azurekv|keyvault|infisical|external-secrets|doppler):\S+$/i,
  /^arn:aws[\w-]*:/,
  /^alias\//,
  /^projects\/[^/\s]+\/secrets\//,
  /^https:\/\/[\w.-]+\.vault\.azure\.net\//,
  /^@Microsoft\.KeyVault\(/,
  /^(?:env_var|env|secret)\(\s*['"]?[\w.-]+['"]?\s*\)$/i,
  /^FLOE_SECRET_[A-Z0-9_]+$/,
  /^(?:\/var)?\/run\/secrets\//,
  // Masks and placeholders: what floe writes for a secret is ten asterisks.
  /^[*•·.xX#-]+$/,
  /^<[^<>]*>?$/,
  /^\[?(?:redacted|masked|hidden|filtered)\]?$/i,
  /^(?:none|null|nil|undefined)$/i,
];

/** Whether the text, where a secret is expected, is one: not empty, not a reference to one, not a mask. */
export function isLiteral(text: string): boolean {
  const trimmed = text.trim();
  return trimmed !== '' && ![...REFERENCES, ...STAND_INS].some((form) => form.test(trimmed));
}
