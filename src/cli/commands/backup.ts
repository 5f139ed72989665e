import { Command, Option } from 'commander';
import type { Act } from '../action.ts';
import { CliError } from '../cliError.ts';
import { addReferenceOptions, type ReferenceOptions } from '../references.ts';
import { folderReference, refuseVersion, twoPlaces } from '../twoPlaces.ts';

interface BackupOptions extends ReferenceOptions {
  readonly dryRun?: boolean;
}

/** `floe-oci backup URI FOLDER` */
export function backupCommand(act: Act): Command {
  const command = new Command('backup')
    .summary('copy a repository to a folder, and check the copy')
    .description(
      'Copies the tags of a repository, with all that refers to them, to an OCI image layout in FOLDER, which may have an earlier backup, and recomputes every digest of the copy. With a tag in URI, that one alone.',
    )
    .usage('(URI | -r URI [-t TAG]) FOLDER [options]')
    .argument('[URI_AND_FOLDER...]', 'what to back up, and where to')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: true })
    .addOption(new Option('--dry-run', 'show what would be moved, and move nothing'))
    .action(
      act<BackupOptions>(async (session, operands, { dryRun = false, ...place }) => {
        const { validate } = await import('../../oci/index.ts');
        const { mirrorTags, refuseIncomplete, reportMirror } = await import('../mirrorTags.ts');
        const places = await twoPlaces(session, operands, place, folderReference);
        const { tag: _, ...repository } = places.source.reference;
        refuseVersion(repository, 'Name a tag, or the whole repository; "floe-oci copy" copies by digest.');
        refuseVersion(places.destination.reference, 'Name the folder alone.');
        const options = { verb: 'backup', referrers: true, dryRun } as const;
        const mirrored = await mirrorTags(session, places, options);
        if (dryRun) return reportMirror(session, places, mirrored, options);

        const roots = mirrored.copied.flatMap(({ result }) => [result, ...result.referrers]);
        const progress = session.progress('validate');
        const report = await validate(
          mirrored.destination,
          roots.map(({ descriptor }) => descriptor),
          { ...session.scope, onEvent: progress.onEvent },
        );
        progress.end();
        const problems = report.problems.map(({ descriptor, error }) => ({
          digest: descriptor.digest,
          code: error.code,
        }));
        await reportMirror(session, places, mirrored, options, { checked: report.checked.length, problems });
        if (!session.options.json) for (const { digest, code } of problems) session.warn(`${digest}: ${code}`);
        if (problems.length > 0) throw damaged(problems.length, report.checked.length);
        session.note(`${report.checked.length} checked, all as they should be`);
        refuseIncomplete(mirrored);
      }),
    );
}

function damaged(problems: number, checked: number): CliError {
  return new CliError(
    'VERIFICATION_FAILED',
    `${problems} of ${checked} in the folder are not what their descriptors say.`,
    'An earlier backup in it was damaged. Back up to another folder.',
    { problems, checked },
  );
}

const EXAMPLES = `
Examples:
  floe-oci backup oci://ghcr.io/acme/orders ./orders-backup
  floe-oci backup -r localhost:5000/acme/orders -t 1.2.0 /mnt/backup/orders`;
