import { l10n, type Uri, window } from 'vscode';
import { isOciError, OciError, parseRegistryReference } from '../oci/index.ts';
import { describeError, explain } from './describeError.ts';

/** Characters. A repository has at most 255, a digest 135: nobody needs more. */
const MAX_REFERENCE = 512;
const ACCEPTED = 'open?ref=oci://HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]';

/**
 * Shows what a link `vscode://floe.floe-oci/open?ref=…` names. Any web page can have such a link: it shows and never
 * acts, its host is asked about unless it is connected, and it names registries only, no folder of this machine.
 * @param open shows a reference
 */
export async function openUri(uri: Uri, open: (reference: string) => Promise<void>): Promise<void> {
  let reference: string;
  try {
    reference = referenceInUri(uri);
  } catch (error) {
    if (!isOciError(error)) throw error;
    const reason = explain(describeError(error));
    return void window.showErrorMessage(l10n.t('This link to Floe OCI cannot be opened: {0}', reason));
  }
  await open(reference);
}

/**
 * The reference in such a link.
 * @throws OciError INVALID_REFERENCE
 */
export function referenceInUri({ path, query, fragment }: Pick<Uri, 'path' | 'query' | 'fragment'>): string {
  const fail = (part: 'path' | 'scheme'): never => {
    // What is not understood is not quoted whole: it may be of any length.
    const input = `${path}?${query}`.slice(0, 100);
    throw new OciError('INVALID_REFERENCE', `not a link to open: ${JSON.stringify(input)}`, {
      input,
      part,
      accepted: ACCEPTED,
    });
  };
  if (path !== '/open' || fragment !== '') return fail('path');
  const parameters = [...new URLSearchParams(query)];
  const [only] = parameters;
  if (only === undefined || parameters.length > 1 || only[0] !== 'ref') return fail('path');
  const [, reference] = only;
  if (reference.length > MAX_REFERENCE) return fail('path');
  if (reference.startsWith('layout:')) return fail('scheme');
  parseRegistryReference(reference);
  return reference;
}
