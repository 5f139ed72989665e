import { l10n } from 'vscode';
import type { ComparedArtifacts } from '../../floe/diffArtifacts.ts';
import type { JsonDifference } from '../../floe/diffDocuments.ts';
import { changesOf, type NamedChange } from '../../floe/documentChanges.ts';
import { codeSpan } from '../codeSpan.ts';
import { plainText } from '../plainText.ts';

type Documents = NonNullable<ComparedArtifacts['documents']>;

/** Longer values are in the documents themselves. */
const MAX_VALUE = 120;
/** A chapter with more is no summary, and whoever made the document decides how many there are. */
const MAX_LINES = 1_000;

/** `3 models, 1 plugin, 2 rules of governance`, in a few words. */
export function countChanges(documents: Documents): string {
  const { models, plugins, governance, other } = changesOf(...documents);
  const counts = [
    [models.length, l10n.t('1 model'), l10n.t('{0} models', models.length)],
    [plugins.length, l10n.t('1 plugin'), l10n.t('{0} plugins', plugins.length)],
    [governance.length, l10n.t('1 rule of governance'), l10n.t('{0} rules of governance', governance.length)],
    [other.length, l10n.t('1 other value'), l10n.t('{0} other values', other.length)],
  ] as const;
  const texts = counts.flatMap(([count, one, several]) => (count === 0 ? [] : [count === 1 ? one : several]));
  return texts.length === 0 ? l10n.t('the same document') : texts.join(', ');
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
    `- ${l10n.t('left: {0}', `${plainText(left)} ${mine.descriptor.digest}`)}`,
    `- ${l10n.t('right: {0}', `${plainText(right)} ${yours.descriptor.digest}`)}`,
    '',
    ...chapter(l10n.t('Models'), changes?.models.flatMap(namedLines)),
    ...chapter(l10n.t('Plugins'), changes?.plugins.flatMap(namedLines)),
    ...chapter(l10n.t('Governance'), changes?.governance.map(valueLine)),
    ...chapter(l10n.t('Everything else'), changes?.other.map(valueLine)),
  ].join('\n');
}

function chapter(title: string, lines: readonly string[] = []): readonly string[] {
  const left = lines.length - MAX_LINES;
  const rest = left > 0 ? ['', l10n.t('{0} more lines: compare the layers as text.', left)] : [];
  return [
    `## ${title}`,
    '',
    ...(lines.length === 0 ? [l10n.t('No difference.')] : lines.slice(0, MAX_LINES)),
    ...rest,
    '',
  ];
}

function namedLines({ name, change, differences, left, right }: NamedChange): readonly string[] {
  const versions =
    left !== undefined && right !== undefined && left !== right ? `: ${codeOf(left)} → ${codeOf(right)}` : '';
  const what = change === 'added' ? right : change === 'removed' ? left : undefined;
  const alone = what === undefined ? '' : `: ${codeOf(what)}`;
  const did = {
    added: l10n.t('added {0}', codeOf(name)),
    removed: l10n.t('removed {0}', codeOf(name)),
    changed: l10n.t('changed {0}', codeOf(name)),
  };
  return [`- ${did[change]}${versions}${alone}`, ...differences.map((difference) => `  ${valueLine(difference)}`)];
}

function valueLine(difference: JsonDifference): string {
  const path = codeOf(difference.path);
  if (!('left' in difference)) return `- ${l10n.t('{0}: added {1}', path, valueText(difference.right))}`;
  if (!('right' in difference)) return `- ${l10n.t('{0}: removed, was {1}', path, valueText(difference.left))}`;
  return `- ${path}: ${valueText(difference.left)} → ${valueText(difference.right)}`;
}

function valueText(value: unknown): string {
  return codeOf(JSON.stringify(value) ?? l10n.t('nothing'));
}

function codeOf(text: string): string {
  return codeSpan(text, MAX_VALUE);
}
