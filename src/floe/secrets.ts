import { OciError } from '../oci/index.ts';
import { type DocumentFile, MAX_PROBLEMS } from './jsonDocument.ts';
import { formatJsonPath } from './jsonPath.ts';
import type { JsonPath } from './jsonScanner.ts';
import { hasSecretShape, isLiteral } from './secretShapes.ts';

/** Names, without case and separators, whose value is a secret: `DB_PASSWORD`, `clientSecret`, `x-api-key`. */
const SECRET_NAME =
  /(?:password|passwd|passphrase|pwd|secret|token|apikey|accesskey|privatekey|secretkey|signingkey|encryptionkey)$|^(?:db)?pass$/;
/** Tokens that open nothing: where to go on reading, what ends a list. */
const OPEN_TOKEN = /(?:page|next|continuation|cursor|resume|stop|start|separator|delimiter)token$/;
/** Only these names may have a number for a value: `token: 3` counts, `password: 123456` opens. */
const PASSWORD_NAME = /(?:password|passwd|passphrase|pwd)$|^(?:db)?pass$/;
/** A header's value has its scheme first. */
const AUTHORIZATION = /^(?:basic|bearer|token|apikey)\s+(\S.*)$/i;
/** 64 bytes in base64: the form of Azure's account keys. A SHA-512 looks the same, so the name must end in "key". */
const ACCOUNT_KEY = /^[A-Za-z0-9+/]{86}==$/;
/** Members of these are called after columns, models and tags, whatever word that is: a column may be called `password`. */
const NAMES_OF_THINGS =
  /^(?:columns?|columntypes|fields|schema|datatypes|casts|hints|descriptions?|labels|tags|renames?|meta)$/;

interface Visit {
  readonly value: unknown;
  /** The member name that decides, reduced; empty where no name does. */
  readonly name: string;
  /** How to get here: a step from another value. Paths are put together only for what is found. */
  readonly from?: { readonly visit: Visit; readonly step: string | number };
}

/**
 * Where a document has secrets in it: JSON paths in the order of the document. Names alone are nothing, values alone only
 * when their form gives them away, and references to secrets are what a document should have.
 *
 * Never returns or keeps a value. Stops after {@link MAX_PROBLEMS}.
 */
export function findSecrets(document: unknown): readonly string[] {
  return findSecretPaths(document).map(formatJsonPath);
}

/** The same as steps from the document down. */
export function findSecretPaths(document: unknown): readonly JsonPath[] {
  const found: JsonPath[] = [];
  const pending: Visit[] = [{ value: document, name: '' }];
  for (let visit = pending.pop(); visit !== undefined && found.length < MAX_PROBLEMS; visit = pending.pop()) {
    const { value, name } = visit;
    if (typeof value === 'object' && value !== null)
      for (const member of membersOf(visit).reverse()) pending.push(member);
    else if (isSecret(value, name)) found.push(pathOf(visit));
  }
  return found;
}

function membersOf(visit: Visit): Visit[] {
  const { value, name } = visit;
  if (Array.isArray(value)) return value.map((item, step) => ({ value: item, name, from: { visit, step } }));
  const isNaming = NAMES_OF_THINGS.test(name);
  return Object.entries(value as object).map(([step, member]) => {
    const reduced = step.toLowerCase().replace(/[^a-z0-9]/g, '');
    const isContent = reduced === 'value' && SECRET_NAME.test(name);
    return { value: member, name: isNaming ? '' : isContent ? name : reduced, from: { visit, step } };
  });
}

function pathOf(visit: Visit): JsonPath {
  const path: (string | number)[] = [];
  for (let { from } = visit; from !== undefined; from = from.visit.from) path.unshift(from.step);
  return path;
}

function isSecret(value: unknown, name: string): boolean {
  if (typeof value === 'number') return PASSWORD_NAME.test(name);
  if (typeof value !== 'string') return false;
  if (hasSecretShape(value)) return true;
  if (SECRET_NAME.test(name) && !OPEN_TOKEN.test(name)) return isLiteral(value);
  if (name.endsWith('authorization')) return isLiteral(AUTHORIZATION.exec(value.trim())?.[1] ?? '');
  return name.endsWith('key') && ACCOUNT_KEY.test(value.trim());
}

/**
 * Refuses a document with secrets in it. Text that is not JSON is looked at as one string.
 * @throws OciError SECRET_IN_DOCUMENT with the paths
 */
export function checkForSecrets({ file, bytes }: DocumentFile): void {
  const paths = findSecrets(parsedOrText(new TextDecoder().decode(bytes)));
  if (paths.length === 0) return;
  const where = paths[0] || 'its text';
  const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  throw new OciError('SECRET_IN_DOCUMENT', `${file} has what looks like a secret at ${where}${more}`, { file, paths });
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
