import { l10n } from 'vscode';
import { isOciError, parseReference, type Reference } from '../../oci/index.ts';
import { describeError, explain } from '../describeError.ts';
import type { Choice } from './pickOrType.ts';

/** What a typed reference may name: what has no use is refused, and never left out without a word. */
export type Naming = 'content' | 'destination' | 'repository';

/**
 * What typed text stands for, as far as it may be named: anything; of a destination no digest, which follows from the
 * content; of a repository neither tag nor digest. A string says why it stands for nothing.
 */
export function typedReference(text: string, naming: Naming): Choice<Reference> | string {
  return meaning((typed) => {
    const value = parseReference(typed);
    const { tag, digest } = value;
    if (naming === 'repository' && (tag !== undefined || digest !== undefined)) {
      const extra = `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
      return l10n.t('A repository is asked for here: leave out {0}.', extra);
    }
    if (naming === 'destination' && digest !== undefined) {
      return l10n.t('The digest follows from what is written: leave out {0}.', `@${digest}`);
    }
    return { label: typed, description: l10n.t('this reference'), value };
  })(text);
}

/** A parser's error becomes the reason why typed text stands for nothing. */
export function meaning<T>(parse: (text: string) => Choice<T> | string): (text: string) => Choice<T> | string {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (isOciError(error)) return explain(describeError(error));
      throw error;
    }
  };
}
