import { l10n } from 'vscode';
import { Annotation, type Descriptor } from '../../oci/index.ts';
import { formatSize } from '../format.ts';
import type { SizeBar } from './overview.ts';
import { visibleText } from './visibleText.ts';

/** As many as can be told apart; the smaller ones are one share together. */
const MAX_SHARES = 8;

/** The layers by size, largest first; undefined where there is nothing to compare. */
export function sizeBar(layers: readonly Descriptor[]): SizeBar | undefined {
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  if (layers.length < 2 || total === 0) return undefined;
  const shares = layers
    .map(({ annotations = {}, size }, position) => {
      const title = visibleText(annotations[Annotation.title] ?? '', 80);
      return { label: title === '' ? l10n.t('layer {0}', position + 1) : title, bytes: size };
    })
    .sort((a, b) => b.bytes - a.bytes);
  const shown = shares.length > MAX_SHARES ? shares.slice(0, MAX_SHARES - 1) : shares;
  const rest = shares.slice(shown.length);
  const others = {
    label: l10n.t('{0} smaller ones', rest.length),
    bytes: rest.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  return {
    title: l10n.t('Size by layer'),
    shares: [...shown, ...(rest.length === 0 ? [] : [others])].map(({ label, bytes }) => ({
      label,
      size: shareText(bytes, total),
      fraction: bytes / total,
    })),
  };
}

function shareText(bytes: number, total: number): string {
  const percent = Math.round((100 * bytes) / total);
  return percent === 0 && bytes > 0
    ? l10n.t('{0}, less than 1 %', formatSize(bytes))
    : l10n.t('{0}, {1} %', formatSize(bytes), percent);
}
