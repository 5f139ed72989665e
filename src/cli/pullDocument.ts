import { resolve } from 'node:path';
import { MAX_DOCUMENT_SIZE } from '../floe/jsonDocument.ts';
import {
  checkPulledDocument,
  type FoundDocument,
  findDocument,
  type PulledDocument,
  pullDocument as pullToFile,
} from '../floe/pullArtifact.ts';
import { highestVersion, parseVersionConstraint, type VersionConstraint } from '../floe/versionConstraint.ts';
import {
  type Digest,
  type EndorsementKeeper,
  formatReference,
  OciError,
  readVerified,
  type Tag,
  type TagLister,
  type Target,
  userAgent,
} from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import type { PullOptions } from './commandOptions.ts';
import { type Named, versionOf } from './references.ts';
import type { Session } from './session.ts';
import { signatureCheckFor } from './signatures.ts';

/** `pull -r URI -t TAG`: the exact bytes of the document, to a file or to stdout. */
export async function pullDocument(session: Session, named: Named, options: PullOptions): Promise<void> {
  const place = named.reference;
  const constraint = options.versionConstraint;
  const range = constraint === undefined ? undefined : parseVersionConstraint(constraint);
  if (range === undefined) versionOf(place);
  else if (place.tag ?? place.digest)
    throw wrongUsage('A tag or digest and a range are given.', 'Leave one of them out.');

  const source = await session.source(named);
  const reference = range === undefined ? place : { ...place, tag: await highest(session, source, range) };
  const name = formatReference(reference);
  const check = await signatureCheckFor(session, named);
  const call = { ...session.call, ...(check && { check }) };
  if (options.output === undefined) {
    // Nobody can take bytes back from a pipe: they are verified before the first one leaves.
    const found = await findDocument(source, versionOf(reference), call);
    const { descriptor, document } = found;
    tellOf(session, found);
    const { bytes } = await readVerified(source, document, { ...session.call, maxSize: MAX_DOCUMENT_SIZE });
    const warnings = checkPulledDocument(name, bytes);
    await endorse(source, versionOf(reference), { descriptor, document, warnings });
    session.warnOfDocument(name, warnings);
    return session.output.bytes(bytes);
  }
  const path = resolve(session.io.cwd, options.output);
  const progress = session.progress('pull');
  const pulled = await pullToFile(source, versionOf(reference), path, { ...call, onEvent: progress.onEvent });
  progress.end();
  tellOf(session, pulled);
  await endorse(source, versionOf(reference), pulled);
  session.warnOfDocument(name, pulled.warnings);
  const { digest, size } = pulled.document;
  if (session.options.json) {
    const files = [{ path, digest, size }];
    await session.output.json({
      reference: name,
      digest: pulled.descriptor.digest,
      source: session.cacheUse.source,
      files,
    });
  } else {
    session.note(`pulled ${name} to ${options.output}${session.cacheUse.source === 'cache' ? ' from the cache' : ''}`);
  }
}

function tellOf(session: Session, { descriptor, document, product }: FoundDocument): void {
  session.tell({
    digest: descriptor.digest,
    size: document.size,
    layers: 1,
    productName: product?.name,
    productVersion: product?.version ?? undefined,
  });
}

/** Of what there is nothing to say, the next pull need not look through again: see `pullHit.ts`. */
async function endorse(
  source: Partial<EndorsementKeeper>,
  reference: Tag | Digest,
  { descriptor, document, warnings }: Pick<PulledDocument, 'descriptor' | 'document' | 'warnings'>,
): Promise<void> {
  if (warnings.length > 0) return;
  await source.endorse?.(reference, descriptor, { by: userAgent, digest: document.digest });
}

/** @throws OciError NOT_FOUND when no tag is in the range */
async function highest(session: Session, source: Target & TagLister, range: VersionConstraint): Promise<Tag> {
  const tags = await Array.fromAsync(source.tags(session.call));
  const tag = highestVersion(tags, range);
  if (tag !== undefined) return tag;
  const what = `a version in the range ${range.text} in ${source.name}, which has ${tags.length} tags`;
  throw new OciError('NOT_FOUND', `no tag in the range ${range.text}`, { kind: 'tag', what });
}
