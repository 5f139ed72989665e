import { OciError, parseRegistryReference, type RegistryReference } from '../oci/index.ts';

/**
 * What a user types or pastes to name something in one registry: a repository, with or without a version; a reference with
 * the registry in front; or the line of a command that pulls it.
 * @throws OciError INVALID_REFERENCE naming the part, for another registry too
 */
export function parsePasted(text: string, registry: string): RegistryReference {
  const input = text.trim();
  const pulled = pulledIn(input);
  // Of lines for a shell, those without a registry are docker's, and about Docker Hub.
  const own = pulled === undefined ? registry : 'docker.io';
  const reference = (pulled ?? input).replace(/^https?:\/\//i, 'oci://');
  const parsed = parseRegistryReference(isWhole(reference) ? reference : `oci://${own}/${reference}`);
  if (parsed.registry === registry) return parsed;
  const message = `${parsed.registry} is another registry`;
  throw new OciError('INVALID_REFERENCE', message, { input, part: 'registry', accepted: `${registry}/NAME` });
}

/** What the line of a command pulls: a whole reference after `pull`, else the last word; undefined for what is no such line. */
function pulledIn(text: string): string | undefined {
  const words = text.split(/\s+/);
  const at = words.indexOf('pull');
  if (at < 0) return undefined;
  const rest = words.slice(at + 1).filter((word) => !/^[-./~]/.test(word));
  return rest.find(isWhole) ?? rest.at(-1);
}

/** Whether a registry is in front: it has a dot or a port, or is `localhost`. */
function isWhole(reference: string): boolean {
  const [first = '', rest] = reference.split('/', 2);
  return reference.startsWith('oci://') || (rest !== undefined && (/[.:]/.test(first) || first === 'localhost'));
}
