import { l10n, type Uri, window } from 'vscode';
import { parseCompiledArtifacts } from '../../floe/compiledArtifacts.ts';
import type { DocumentFile } from '../../floe/jsonDocument.ts';
import { nextVersionTag } from '../../floe/nextVersion.ts';
import { type PreparedDocument, prepareDocument } from '../../floe/pushArtifact.ts';
import { isOciError, parseTag, type RepositoryName } from '../../oci/index.ts';
import { describeError } from '../describeError.ts';
import { readDocument } from '../operations/readDocument.ts';
import type { Place } from '../places.ts';
import { askDestination } from './askDestination.ts';
import { askDocument } from './askDocument.ts';
import { proposeRepository } from './proposeRepository.ts';
import { type BeginPush, type PushParts, startPush } from './startPush.ts';

/** What the caller knows already: the file in the Explorer, the row in a tree. */
export interface PushInput {
  readonly file?: Uri;
  readonly place?: Place;
  readonly repository?: RepositoryName;
}

const TITLE = l10n.t('Push Compiled Artifacts');

/**
 * Pushes compiled artifacts: which file, where to, under which tag.
 * @param begin what is done once everything is known; default: they are pushed
 */
export async function push(parts: PushParts, input: PushInput = {}, begin: BeginPush = startPush): Promise<void> {
  const file = input.file ?? (await askDocument(TITLE));
  if (file === undefined) return;
  const document = await readDocument(file);
  // Nothing is asked about where it goes before it is known that it may go.
  const product = parseCompiledArtifacts(document).value.metadata;
  const prepared = await prepare(document);
  if (prepared === undefined) return;
  const { product_name: productName, product_version: version } = product;
  const destination = await askDestination(parts.book, input, {
    titleTo: pushTitle,
    proposeRepository: (place) => proposeRepository(place, productName),
    proposeTag: (existing) => nextVersionTag(existing, version) ?? parseTag('latest'),
  });
  if (destination === undefined) return;
  await begin(parts, {
    destination,
    what: `${productName} ${version}`,
    action: 'push',
    about: { layers: 1, size: document.bytes.length, productName, productVersion: version },
    packed: (_call, use) => use(prepared),
  });
}

/** What the prompts of a push say above. */
export function pushTitle(where?: string): string {
  return where === undefined ? l10n.t('Push to') : l10n.t('Push to {0}', where);
}

/** What looks like a secret leaves the machine only when the user says that it is none. Undefined when it stays. */
async function prepare(document: DocumentFile): Promise<PreparedDocument | undefined> {
  try {
    return await prepareDocument(document);
  } catch (error) {
    if (!isOciError(error, 'SECRET_IN_DOCUMENT')) throw error;
    const { sentence, hint = '' } = describeError(error);
    const push = l10n.t('Push Anyway');
    const answer = await window.showWarningMessage(sentence, { modal: true, detail: hint }, push);
    return answer === push ? await prepareDocument(document, { allowSecrets: true }) : undefined;
  }
}
