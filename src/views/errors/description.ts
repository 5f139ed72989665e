import type { OciErrorCode, OciErrorDetails } from '../../oci/index.ts';
import { plainText } from '../plainText.ts';

/** What a user can do about an error besides reading it; `log` is always possible. */
export type Remedy = 'retry' | 'credentials' | 'secret';

/** An error in the user's words. */
export interface ErrorDescription {
  /** The gist in a few words, where it stands below the row of what it is about. */
  readonly gist?: string;
  /** What happened, one sentence. */
  readonly sentence: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly remedies: readonly Remedy[];
  /** The registry it is about, for {@link Remedy} `credentials` and `secret`. */
  readonly registry?: string;
}

/** By the code of an error, what it is in words. */
export type Describe = {
  readonly [Code in OciErrorCode]: (
    details: OciErrorDetails[Code],
  ) => Omit<ErrorDescription, 'remedies'> & { readonly remedies?: readonly Remedy[] };
};

/** The reason as the end of a sentence; nothing when there is none. */
export function because(reason: string): string {
  return reason === '' ? '' : `: ${reason.replace(/\.$/, '')}`;
}

/** Text from elsewhere, in quotes. */
export function quote(text: string): string {
  return JSON.stringify(plainText(text, 100));
}

/** The host of an address; the text itself when it is none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
