import { Command, Option } from 'commander';
import type { Act } from '../action.ts';
import { wrongUsage } from '../cliError.ts';
import type { PullOptions } from '../commandOptions.ts';
import { addReferenceOptions, refuseOperands } from '../references.ts';

/** `floe-oci pull`, of the compiled-artifacts document (`-r`, `-t`) and of any artifact's files (REF). */
export function pullCommand(act: Act): Command {
  const command = new Command('pull')
    .summary('pull compiled artifacts, or the files of any artifact')
    .description(
      'With -r and -t, pulls the compiled-artifacts document to stdout or to the file -o, which is replaced whole or not at all. With REF, pulls the files and folders of any artifact into the folder -o. Every byte is verified.',
    )
    .usage('-r URI -t TAG [-o FILE] [options]\n       floe-oci pull REF [-o FOLDER] [--force] [options]')
    .argument('[REF]', 'the artifact whose files to pull')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: true })
    .addOption(
      new Option(
        '-o, --output <path>',
        'file for the document (default, or -: stdout), or folder for files (default: .)',
      ),
    )
    .addOption(
      new Option('--version-constraint <range>', 'instead of -t: the highest version in a range, such as v1.2.*'),
    )
    .addOption(new Option('--force', 'with REF: replace files that have other content'))
    .action(
      act<PullOptions>(async (session, operands, options) => {
        // A range says which document is wanted, as -t does.
        const isDocument = operands.length === 0 || options.registry !== undefined || options.tag !== undefined;
        const { output, ...toStdout } = options;
        const { versionConstraint, force } = options;
        if (isDocument && force)
          throw wrongUsage('--force is for pulling files with REF.', 'A document replaces its file anyway.');
        if (!isDocument && versionConstraint !== undefined) {
          throw wrongUsage('--version-constraint is for pulling with -r.', 'Give -r URI instead of REF, and no -t.');
        }
        if (output === '') throw wrongUsage('-o has no value.', 'Give a file or a folder, or leave -o out.');
        if (!isDocument && output === '-') {
          throw wrongUsage(
            'Files of an artifact go into a folder, not to stdout.',
            'Give a folder; ./- is one named -.',
          );
        }
        const named = await session.named(operands, options);
        refuseOperands(named);
        if (isDocument) {
          const { pullDocument } = await import('../pullDocument.ts');
          return pullDocument(session, named, output === '-' ? toStdout : options);
        }
        const { pullFiles } = await import('../pullFiles.ts');
        return pullFiles(session, named, options);
      }),
    );
}

const EXAMPLES = `
Examples:
  floe-oci pull -r oci://ghcr.io/acme/orders -t 1.2.0 -o compiled_artifacts.json
  floe-oci pull -r layout:./backup --version-constraint "v1.*" > orders.json
  floe-oci pull localhost:5000/acme/report:latest -o report`;
