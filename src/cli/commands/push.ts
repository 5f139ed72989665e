import { Command, Option } from 'commander';
import { DEFAULT_TAG_PATTERNS } from '../../floe/tagPatterns.ts';
import type { Act } from '../action.ts';
import { addAnnotationOption } from '../annotations.ts';
import { wrongUsage } from '../cliError.ts';
import type { PushOptions } from '../commandOptions.ts';
import { addReferenceOptions } from '../references.ts';

/** `floe-oci push`, of compiled artifacts (`-a`) and of any files. */
export function pushCommand(act: Act): Command {
  const command = new Command('push')
    .summary('push compiled artifacts, or any files and folders')
    .description(
      `Pushes compiled artifacts (-a), or any files and folders as one artifact, and shows the digest. Pushing the same again changes nothing. Tags are protected, and never moved, but for ${DEFAULT_TAG_PATTERNS.mutable.join(', ')}.`,
    )
    .usage(
      '-a FILE (REF | -r URI -t TAG) [options]\n       floe-oci push (REF | -r URI -t TAG) FILE[:MEDIATYPE]... [options]',
    )
    .argument('[REF_OR_FILES...]', 'where to push, and the files to push without -a')
    .addHelpText('after', EXAMPLES);
  addReferenceOptions(command, { tag: true })
    .addOption(new Option('-a, --artifact <file>', 'the compiled_artifacts.json to push'))
    .addOption(new Option('--provenance', 'with -a: record revision and source from git'))
    .addOption(new Option('--no-validate', 'with -a: push a document that does not keep the contract'))
    .addOption(new Option('--allow-secrets', 'with -a: push a document in spite of what looks like a secret in it'))
    .addOption(new Option('--create', 'make the repository, or its project, where the registry wants that first'))
    .addOption(new Option('--artifact-type <type>', 'without -a: what the files are, as a media type'))
    .addOption(new Option('--subject <REF>', 'without -a: what the files are about, in the same place'));
  return addAnnotationOption(command).action(
    act<PushOptions>(async (session, operands, options) => {
      if (options.artifact === undefined) {
        const misplaced = documentOnly(options);
        if (misplaced) throw wrongUsage(`${misplaced} is for compiled artifacts.`, 'Name the document with -a FILE.');
        const { pushFiles } = await import('../pushFiles.ts');
        return pushFiles(session, operands, options);
      }
      if (options.artifactType !== undefined) {
        throw wrongUsage(
          '--artifact-type is not for compiled artifacts.',
          'They have one type of their own; leave it out.',
        );
      }
      if (options.subject !== undefined) {
        throw wrongUsage('--subject is not for compiled artifacts.', 'Push them on their own; leave it out.');
      }
      const { pushDocument } = await import('../pushDocument.ts');
      return pushDocument(session, options.artifact, operands, options);
    }),
  );
}

function documentOnly({ provenance, validate, allowSecrets }: PushOptions): string | undefined {
  if (provenance) return '--provenance';
  if (!validate) return '--no-validate';
  return allowSecrets ? '--allow-secrets' : undefined;
}

const EXAMPLES = `
Examples:
  floe-oci push -a target/compiled_artifacts.json -r oci://ghcr.io/acme/orders -t 1.2.0
  floe-oci push -a target/compiled_artifacts.json layout:./backup:1.2.0
  floe-oci push localhost:5000/acme/report:latest report.pdf:application/pdf notes.txt`;
