import { resolve } from 'node:path';
import { EMPTY_DESCRIPTOR, formatReference } from '../oci/index.ts';
import { CliError } from './cliError.ts';
import type { PullOptions } from './commandOptions.ts';
import { type Named, versionOf } from './references.ts';
import type { Session } from './session.ts';

/** `pull REF`: every layer with a name, as a file in a folder. */
export async function pullFiles(session: Session, named: Named, options: PullOptions): Promise<void> {
  const { reference } = named;
  const client = await session.client(named);
  const progress = session.progress('pull');
  const { files, skipped, descriptor } = await client.pullFiles(
    resolve(session.io.cwd, options.output ?? '.'),
    versionOf(reference),
    { ...session.scope, force: options.force === true, onEvent: progress.onEvent },
  );
  progress.end();
  session.tell({
    digest: descriptor.digest,
    size: files.reduce((sum, { size }) => sum + size, 0),
    layers: files.length + skipped.length,
  });
  if (session.options.json) {
    await session.output.json({
      reference: formatReference(reference),
      digest: descriptor.digest,
      source: session.cacheUse.source,
      files: files.map(({ path, digest, size }) => ({ path, digest, size })),
    });
  } else {
    for (const { path, outcome } of files) session.note(`${outcome === 'existed' ? 'unchanged' : 'pulled'} ${path}`);
  }
  const nameless = skipped.filter(({ digest }) => digest !== EMPTY_DESCRIPTOR.digest).length;
  if (nameless > 0) throw incomplete(nameless, nameless + files.length);
}

function incomplete(missing: number, of: number): CliError {
  return new CliError(
    'INCOMPLETE',
    `${missing} of ${of} layers have no file name (org.opencontainers.image.title), and were not pulled.`,
    'Container images and charts are pulled with their own tools; floe-oci pulls files that were pushed as such.',
    { missing, of },
  );
}
