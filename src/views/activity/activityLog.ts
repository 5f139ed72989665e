import type { ActivityEntry } from '../../oci/index.ts';
import { logLine } from '../logging.ts';
import { labelOf } from './activityRows.ts';

/**
 * What was logged while an operation ran, at every level, as lines of a log: what the channel leaves out by its level is
 * here. In English, for it is shown to whoever helps.
 */
export function activityLogText(entry: ActivityEntry): string {
  const { id, state, lines, failure, duration } = entry;
  const took = duration === undefined ? 'running' : `${state} after ${duration} ms`;
  return [
    `# ${labelOf(entry)}: ${took} (activity=${id} in the log)`,
    ...lines.map(
      ({ at, level, event, fields }) => `${new Date(at).toISOString()} [${level}] ${logLine(event, fields)}`,
    ),
    ...(failure === undefined ? [] : [`${failure.code}: ${failure.message}`]),
    ...(failure?.causes ?? []).map((cause) => `  caused by: ${cause}`),
    '',
  ].join('\n');
}
