import { l10n } from 'vscode';
import type { ActivityEntry } from '../../oci/index.ts';
import { formatSize } from '../format.ts';
import { plainText } from '../plainText.ts';
import { factList, type Row } from '../tree/row.ts';
import type { ActivityNode, RegistryNode } from './activityNode.ts';
import { FAILED, latencyOf } from './latency.ts';

/** The row of a node at this moment, in milliseconds since 1970. */
export function drawActivityNode(node: ActivityNode, now: number): Row {
  if (node.row === 'operation') return drawOperation(node.entry, now);
  return node.row === 'registry' ? drawRegistry(node) : drawRegistries();
}

function drawRegistries(): Row {
  const label = l10n.t('Registries');
  return { label, icon: 'pulse', flags: ['activityRegistries'], state: 'unfolded', spoken: label };
}

function drawRegistry({ registry, samples }: RegistryNode): Row {
  const { requests, median, slowest, failed, chart } = latencyOf(samples);
  const speed = median === undefined ? l10n.t('no answer') : milliseconds(median);
  const failures = failed === 0 ? [] : [l10n.t('{0}% failed', percent(failed))];
  return {
    label: registry,
    description: [speed, ...failures, chart].join(' · '),
    icon: failed === 0 ? 'server' : 'warning',
    ...(failed > 0 && { iconColor: 'list.warningForeground' }),
    flags: ['activityRegistry'],
    state: 'leaf',
    // The chart is for eyes.
    spoken: [registry, speed, ...failures].join(', '),
    tooltip: factList(registry, [
      [l10n.t('Last requests'), String(requests)],
      [l10n.t('Time to answer, median'), median === undefined ? undefined : milliseconds(median)],
      [l10n.t('Time to answer, slowest'), slowest === undefined ? undefined : milliseconds(slowest)],
      [l10n.t('Failed'), `${percent(failed)}%`],
      [l10n.t('Chart'), l10n.t('{0}, the last request at the right; {1} failed', chart, FAILED)],
    ]),
  };
}

const ICONS: Readonly<Record<ActivityEntry['state'], string>> = {
  running: 'sync~spin',
  success: 'pass',
  failure: 'error',
  cancelled: 'circle-slash',
};

function drawOperation(entry: ActivityEntry, now: number): Row {
  const { id, state, requests, retries, sent, received, failure, startedAt, facts } = entry;
  const label = labelOf(entry);
  const duration = entry.duration ?? now - startedAt;
  const description = [
    stateText(entry),
    milliseconds(duration),
    ...moved(entry, duration),
    ...(retries === 0 ? [] : [retriesText(retries)]),
  ];
  return {
    label,
    description: description.join(' · '),
    icon: ICONS[state],
    ...(state === 'failure' && { iconColor: 'list.errorForeground' }),
    flags: ['activityOperation'],
    state: 'leaf',
    spoken: [label, ...description].join(', '),
    tooltip: factList(label, [
      [l10n.t('Result'), failure ? `${failure.code}: ${failure.message}` : stateText(entry)],
      ...(failure?.causes ?? []).map((cause) => [l10n.t('Caused by'), cause] as const),
      [l10n.t('Registry'), textOf(facts['oci.registry'])],
      [l10n.t('Digest'), textOf(facts['oci.artifact.digest'])],
      [l10n.t('Started'), new Date(startedAt).toLocaleTimeString()],
      [l10n.t('Duration'), milliseconds(duration)],
      [l10n.t('Sent'), sent === 0 ? undefined : formatSize(sent)],
      [l10n.t('Received'), received === 0 ? undefined : formatSize(received)],
      [l10n.t('Speed'), speedOf(entry, duration)],
      [l10n.t('Requests'), String(requests)],
      [l10n.t('Repeated'), String(retries)],
      [l10n.t('Number in the log'), `activity=${id}`],
    ]),
    command: { title: l10n.t('Show Log Lines'), command: 'floeOci.showActivityLog', arguments: [id] },
  };
}

/** `push team/orders:v1.0.0` */
export function labelOf({ operation, facts }: Pick<ActivityEntry, 'operation' | 'facts'>): string {
  const [registry, repository, tag, digest] = ['registry', 'repository', 'tag', 'artifact.digest'].map((name) =>
    textOf(facts[`oci.${name}`]),
  );
  const version = tag ? `:${tag}` : digest ? `@${digest.slice(0, 19)}` : '';
  const what = repository === undefined ? (registry ?? '') : `${repository}${version}`;
  return plainText(`${operation} ${what}`.trim());
}

function stateText({ state, failure, facts }: ActivityEntry): string {
  switch (state) {
    case 'running':
      return l10n.t('running');
    case 'success':
      return facts['oci.cache_hit'] === true ? l10n.t('done, from the cache') : l10n.t('done');
    case 'failure':
      return l10n.t('failed: {0}', failure?.code ?? '');
    case 'cancelled':
      return l10n.t('cancelled');
  }
}

function moved(entry: ActivityEntry, duration: number): readonly string[] {
  const { sent, received } = entry;
  const speed = speedOf(entry, duration);
  return [
    ...(sent === 0 ? [] : [`↑ ${formatSize(sent)}`]),
    ...(received === 0 ? [] : [`↓ ${formatSize(received)}`]),
    ...(speed === undefined ? [] : [speed]),
  ];
}

/** Undefined where nothing moved. */
function speedOf({ sent, received }: ActivityEntry, duration: number): string | undefined {
  const bytes = sent + received;
  return bytes === 0 || duration <= 0 ? undefined : `${formatSize(Math.round((bytes / duration) * 1000))}/s`;
}

function retriesText(retries: number): string {
  return retries === 1 ? l10n.t('1 request repeated') : l10n.t('{0} requests repeated', retries);
}

function milliseconds(time: number): string {
  return time < 1000 ? l10n.t('{0} ms', Math.round(time)) : l10n.t('{0} s', (time / 1000).toFixed(1));
}

/** Never 0 of something, and never 100 of less than all. */
function percent(share: number): number {
  return share > 0.5 ? Math.floor(share * 100) : Math.ceil(share * 100);
}

function textOf(fact: string | number | boolean | undefined): string | undefined {
  return fact === undefined ? undefined : String(fact);
}
