import { Command, Option } from 'commander';
import type { Act } from '../action.ts';
import { addReferenceOptions, type ReferenceOptions } from '../references.ts';
import { refuseVersion, twoPlaces } from '../twoPlaces.ts';

interface MirrorOptions extends ReferenceOptions {
  readonly filter?: string;
  readonly referrers?: boolean;
  readonly dryRun?: boolean;
}

/** `floe-oci mirror SRC DST` */
export function mirrorCommand(act: Act): Command {
  const command = new Command('mirror')
    .summary('copy all tags of a repository to another one')
    .description(
      'Copies the tags of one repository or layout to another one. Tags that name the same already are left alone, protected tags are never moved, and nothing is removed. Tags under which a registry keeps its lists of referrers (sha256-…) are not copied: --referrers copies what they list.',
    )
    .usage('(SRC | -r URI) DST [options]')
    .argument('[SRC_AND_DST...]', 'where from, and where to')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: false })
    .addOption(new Option('--filter <glob>', 'only tags that match, such as "v1.*"'))
    .addOption(new Option('--referrers', 'also what refers to them: signatures, SBOMs, attestations'))
    .addOption(new Option('--dry-run', 'show what would be moved, and move nothing'))
    .action(
      act<MirrorOptions>(async (session, operands, { filter, referrers = false, dryRun = false, ...place }) => {
        const { mirrorTags, refuseIncomplete, reportMirror } = await import('../mirrorTags.ts');
        const places = await twoPlaces(session, operands, place);
        const hint = '"floe-oci copy" copies one artifact; --filter chooses tags.';
        refuseVersion(places.source.reference, hint);
        refuseVersion(places.destination.reference, hint);
        const options = { verb: 'mirror', referrers, dryRun, ...(filter !== undefined && { filter }) } as const;
        const mirrored = await mirrorTags(session, places, options);
        await reportMirror(session, places, mirrored, options);
        refuseIncomplete(mirrored);
      }),
    );
}

const EXAMPLES = `
Examples:
  floe-oci mirror oci://ghcr.io/acme/orders oci://registry.example.com/acme/orders --filter "v1.*"
  floe-oci mirror localhost:5000/acme/orders layout:./orders --referrers --dry-run`;
