import { resolve } from 'node:path';
import { MAX_DOCUMENT_SIZE } from '../floe/jsonDocument.ts';
import { checkPulledDocument, findDocument, pullDocument as pullToFile } from '../floe/pullArtifact.ts';
import { highestVersion, parseVersionConstraint, type VersionConstraint } from '../floe/versionConstraint.ts';
import { formatReference, OciError, readVerified, type Tag, type TagLister, type Target } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import type { PullOptions } from './commandOptions.ts';
import { type Named, versionOf } from './references.ts';
import type { Session } from './session.ts';

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
  if (options.output === undefined) {
    // Nobody can take bytes back from a pipe: they are verified before the first one leaves.
    const { document } = await findDocument(source, versionOf(reference), session.call);
    const { bytes } = await readVerified(source, document, { ...session.call, maxSize: MAX_DOCUMENT_SIZE });
    session.warnOfDocument(name, checkPulledDocument(name, bytes));
    return session.output.bytes(bytes);
  }
  const path = resolve(session.io.cwd, options.output);
  const progress = session.progress('pull');
  const pulled = await pullToFile(source, versionOf(reference), path, { ...session.call, onEvent: progress.onEvent });
  progress.end();
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

/** @throws OciError NOT_FOUND when no tag is in the range */
async function highest(session: Session, source: Target & TagLister, range: VersionConstraint): Promise<Tag> {
  const tags = await Array.fromAsync(source.tags(session.call));
  const tag = highestVersion(tags, range);
  if (tag !== undefined) return tag;
  const what = `a version in the range ${range.text} in ${source.name}, which has ${tags.length} tags`;
  throw new OciError('NOT_FOUND', `no tag in the range ${range.text}`, { kind: 'tag', what });
}
