import { Command, Option } from 'commander';
import type { Act } from '../action.ts';
import { wrongUsage } from '../cliError.ts';
import { addReferenceOptions, type ReferenceOptions, refuseOperands } from '../references.ts';
import { folderReference, refuseVersion } from '../twoPlaces.ts';

interface RestoreOptions extends ReferenceOptions {
  readonly dryRun?: boolean;
}

/** `floe-oci restore FOLDER URI` */
export function restoreCommand(act: Act): Command {
  const command = new Command('restore')
    .summary('copy a backup to a repository')
    .description(
      'Copies the tags of an OCI image layout in FOLDER, with all that refers to them, to a repository. Tags that name the same already are left alone, protected tags are never moved, and nothing is removed.',
    )
    .usage('FOLDER (URI | -r URI) [options]')
    .argument('<FOLDER_AND_URI...>', 'the backup, and where to')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: false })
    .addOption(new Option('--dry-run', 'show what would be moved, and move nothing'))
    .action(
      act<RestoreOptions>(async (session, [folder = '', ...operands], { dryRun = false, ...place }) => {
        const { mirrorTags, refuseIncomplete, reportMirror } = await import('../mirrorTags.ts');
        const backup = folderReference(folder);
        if (backup.digest !== undefined) throw wrongUsage('A digest is given.', 'Name the folder, or one tag in it.');
        const destination = await session.named(operands, place);
        refuseOperands(destination);
        refuseVersion(destination.reference, 'Tags are those of the backup.');
        const source = { reference: backup, by: 'REF', rest: [], also: [destination.reference] } as const;
        const places = { source, destination };
        const options = { verb: 'restore', referrers: true, dryRun } as const;
        const mirrored = await mirrorTags(session, places, options);
        await reportMirror(session, places, mirrored, options);
        refuseIncomplete(mirrored);
      }),
    );
}

const EXAMPLES = `
Example:
  floe-oci restore ./orders-backup oci://registry.example.com/acme/orders`;
