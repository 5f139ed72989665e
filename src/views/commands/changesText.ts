import type { ComparedArtifacts } from '../../floe/diffArtifacts.ts';
import type { JsonDifference } from '../../floe/diffDocuments.ts';
import { changesOf, type NamedChange } from '../../floe/documentChanges.ts';
import { codeSpan } from '../codeSpan.ts';
import { plainText } from '../plainText.ts';

type Documents = NonNullable<ComparedArtifacts['documents']>;

/** Longer values are in the documents themselves. */
const MAX_VALUE = 120;

/** `3 models, 1 plugin, 2 rules of governance`, in a few words. */
export function countChanges(documents: Documents): string {
  const { models, plugins, governance, other } = changesOf(...documents);
  const counts = [
    [models.length, 'model', 'models'],
    [plugins.length, 'plugin', 'plugins'],
    [governance.length, 'rule of governance', 'rules of governance'],
    [other.length, 'other value', 'other values'],
  ] as const;
  const texts = counts.flatMap(([count, one, several]) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : several}`],
  );
  return texts.length === 0 ? 'the same document' : texts.join(', ');
}

/** What differs between two compiled artifacts, as Markdown that reads well as it is. */
export function changesText(
  left: string,
  right: string,
  { left: mine, right: yours, documents }: ComparedArtifacts,
): string {
  const changes = documents === undefined ? undefined : changesOf(...documents);
  return [
    `# ${plainText(left)} ↔ ${plainText(right)}`,
    '',
    `- left: ${plainText(left)} ${mine.descriptor.digest}`,
    `- right: ${plainText(right)} ${yours.descriptor.digest}`,
    '',
    ...chapter('Models', changes?.models.flatMap(namedLines)),
    ...chapter('Plugins', changes?.plugins.flatMap(namedLines)),
    ...chapter('Governance', changes?.governance.map(valueLine)),
    ...chapter('Everything else', changes?.other.map(valueLine)),
  ].join('\n');
}

function chapter(title: string, lines: readonly string[] = []): readonly string[] {
  return [`## ${title}`, '', ...(lines.length === 0 ? ['No difference.'] : lines), ''];
}

function namedLines({ name, change, differences, left, right }: NamedChange): readonly string[] {
  const versions =
    left !== undefined && right !== undefined && left !== right ? `: ${codeOf(left)} → ${codeOf(right)}` : '';
  const what = change === 'added' ? right : change === 'removed' ? left : undefined;
  const alone = what === undefined ? '' : `: ${codeOf(what)}`;
  return [
    `- ${change} ${codeOf(name)}${versions}${alone}`,
    ...differences.map((difference) => `  ${valueLine(difference)}`),
  ];
}

function valueLine(difference: JsonDifference): string {
  const path = codeOf(difference.path);
  if (!('left' in difference)) return `- ${path}: added ${valueText(difference.right)}`;
  if (!('right' in difference)) return `- ${path}: removed, was ${valueText(difference.left)}`;
  return `- ${path}: ${valueText(difference.left)} → ${valueText(difference.right)}`;
}

function valueText(value: unknown): string {
  return codeOf(JSON.stringify(value) ?? 'nothing');
}

function codeOf(text: string): string {
  return codeSpan(text, MAX_VALUE);
}
