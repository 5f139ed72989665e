import type { FoundReference } from './foundReference.ts';
import { referencesInDockerfile } from './referencesInDockerfile.ts';
import { referencesInText } from './referencesInText.ts';

/**
 * Characters. What is longer was written by a program, and parsing it would keep everybody else in the extension host
 * waiting for more than a second, with every change of the document.
 */
const MAX_TEXT = 100_000;
/** Nobody clicks on more. */
const MAX_FOUND = 1_000;

/** The references in a document, each once, in their order. */
export async function findReferences(text: string, kind: 'yaml' | 'dockerfile'): Promise<readonly FoundReference[]> {
  if (text.length > MAX_TEXT) return [];
  const structured = kind === 'dockerfile' ? referencesInDockerfile(text) : await inYaml(text);
  // What the structure says is more than the text: a version that stands beside.
  const others = referencesInText(text).filter(
    ({ start, end }) => !structured.some((other) => other.start < end && start < other.end),
  );
  return [...structured, ...others].sort((one, other) => one.start - other.start).slice(0, MAX_FOUND);
}

async function inYaml(text: string): Promise<readonly FoundReference[]> {
  // Most files name no registry, and need no YAML.
  if (!/oci:\/\/|image:|repository:/.test(text)) return [];
  return (await import('./referencesInYaml.ts')).referencesInYaml(text);
}
