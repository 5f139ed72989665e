import { l10n } from 'vscode';
import { isOciError } from '../../oci/index.ts';
import { describeError } from '../describeError.ts';
import { labelOf } from '../present.ts';
import type { Failure, Remedy } from './overview.ts';

/** An error as the page shows it where the part would be. It can always be tried again: nothing was changed. */
export function failureOf(error: unknown): Failure {
  if (isOciError(error, 'CANCELLED')) {
    return { sentence: l10n.t('Not connected to this registry.'), actions: actionsFor(['retry']) };
  }
  const { sentence, hint, remedies } = describeError(error);
  const others = remedies.filter((remedy) => remedy !== 'retry');
  return {
    sentence,
    ...(hint === undefined ? {} : { hint }),
    actions: actionsFor(['retry', ...others, 'log']),
  };
}

function actionsFor(remedies: readonly Remedy[]): Failure['actions'] {
  return remedies.map((remedy) => ({ remedy, label: labelOf(remedy) }));
}
