import { resolve } from 'node:path';
import type { FoundDocument } from '../floe/pullArtifact.ts';
import { parseVersionConstraint } from '../floe/versionConstraint.ts';
import { formatReference } from '../oci/index.ts';
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

  const client = await session.client(named);
  const reference = range === undefined ? place : { ...place, tag: await client.highest(range, session.call) };
  const [name, version] = [formatReference(reference), versionOf(reference)];
  if (options.output === undefined) {
    // Nobody can take bytes back from a pipe: they are verified before the first one leaves.
    const pulled = await client.pull(version, session.call);
    tellOf(session, pulled);
    session.warnOfDocument(name, pulled.warnings);
    return session.output.bytes(pulled.bytes);
  }
  const path = resolve(session.io.cwd, options.output);
  const progress = session.progress('pull');
  const pulled = await client.pullTo(path, version, { ...session.call, onEvent: progress.onEvent });
  progress.end();
  tellOf(session, pulled);
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
