import { l10n } from 'vscode';
import { isOciError, type OciErrorCode, withoutSent } from '../oci/index.ts';
import { CONTENT_ERRORS } from './errors/contentErrors.ts';
import type { Describe, ErrorDescription } from './errors/description.ts';
import { FILE_ERRORS } from './errors/fileErrors.ts';
import { INPUT_ERRORS } from './errors/inputErrors.ts';
import { REGISTRY_ERRORS } from './errors/registryErrors.ts';
import { plainText } from './plainText.ts';

export type { ErrorDescription, Remedy } from './errors/description.ts';

const DESCRIPTIONS: Describe = {
  ...INPUT_ERRORS,
  ...REGISTRY_ERRORS,
  ...CONTENT_ERRORS,
  ...FILE_ERRORS,
  CANCELLED: () => ({ sentence: l10n.t('Cancelled.') }),
};

/** An error in the user's words, free of links and control characters, whatever a registry put into it. */
export function describeError(error: unknown): ErrorDescription {
  if (!isOciError(error)) {
    return { sentence: safe(error instanceof Error ? error.message : String(error)), remedies: ['retry'] };
  }
  const describe = DESCRIPTIONS[error.code] as (details: unknown) => ReturnType<Describe[OciErrorCode]>;
  const { gist, sentence, hint, remedies = [], registry } = describe(error.details);
  return {
    ...(gist === undefined ? {} : { gist }),
    sentence: safe(sentence),
    ...(hint === undefined || hint === '' ? {} : { hint: safe(hint) }),
    remedies,
    ...(registry === undefined ? {} : { registry }),
  };
}

/** Who got a secret may have put it into any text. */
function safe(text: string): string {
  return plainText(withoutSent(text));
}

/** Sentence and hint as one text. */
export function explain({ sentence, hint }: ErrorDescription): string {
  return hint === undefined ? sentence : `${sentence} ${hint}`;
}
