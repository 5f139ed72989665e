import { Command, Option } from 'commander';
import type { Act } from '../action.ts';
import { wrongUsage } from '../cliError.ts';
import { addReferenceOptions, type ReferenceOptions, versionOf } from '../references.ts';
import { type TwoPlaces, twoPlaces } from '../twoPlaces.ts';

interface CopyOptions extends ReferenceOptions {
  readonly referrers?: boolean;
  readonly platform?: string;
  readonly dryRun?: boolean;
}

/** `floe-oci copy SRC DST` */
export function copyCommand(act: Act): Command {
  const command = new Command('copy')
    .summary('copy an artifact to another repository or layout')
    .description(
      'Copies what SRC names, with everything below it, to DST, and shows the digest. What DST has already is not moved, and inside one registry nothing is. Without a tag in DST, that of SRC is used; a protected tag is never moved to other content.',
    )
    .usage('(SRC | -r URI -t TAG) DST [options]')
    .argument('[SRC_AND_DST...]', 'what to copy, and where to')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: true })
    .addOption(new Option('--referrers', 'also what refers to it: signatures, SBOMs, attestations'))
    .addOption(new Option('--platform <platform>', 'of an index, only the manifest for OS/ARCHITECTURE[/VARIANT]'))
    .addOption(new Option('--dry-run', 'show what would be moved, and move nothing'))
    .action(
      act<CopyOptions>(async (session, operands, { referrers = false, platform, dryRun = false, ...place }) => {
        const { formatReference, parsePlatform, selectPlatform } = await import('../../oci/index.ts');
        const { copyArtifact } = await import('../../floe/copyArtifact.ts');
        const { openDestination } = await import('../destination.ts');
        const { blobsOf, movedText } = await import('../../floe/copySummary.ts');
        const { copyJson, plannedTable } = await import('../copyReport.ts');
        const places = await twoPlaces(session, operands, place);
        const version = versionOf(places.source.reference);
        const tag = tagFor(places);
        const wanted = platform === undefined ? undefined : parsePlatform(platform);

        const source = await session.repository(places.source);
        const root = await source.resolve(version, session.call);
        const { check } = await session.client(places.source);
        await check?.(formatReference(places.source.reference), root, source, session.call);
        const descriptor = wanted ? await selectPlatform(source, root, wanted, session.call) : root;
        checkDigest(places, descriptor.digest);
        const destination = await openDestination(session, places, dryRun);
        const progress = session.progress('copy');
        const copied = await copyArtifact(source, descriptor, destination, {
          ...session.scope,
          ...(tag !== undefined && { tag }),
          referrers,
          onEvent: progress.onEvent,
        });
        progress.end();

        const { digest } = descriptor;
        session.tell({ digest });
        const { digest: _, ...there } = places.destination.reference;
        const reference = formatReference(tag === undefined ? { ...there, digest } : { ...there, tag });
        if (session.options.json) {
          await session.output.json({
            source: formatReference(places.source.reference),
            reference,
            digest,
            ...(wanted && { platform }),
            outcome: copied.outcome,
            dryRun,
            ...copyJson(copied),
          });
          return;
        }
        if (wanted) session.note(`${platform} is ${digest}`);
        const blobs = blobsOf([copied]);
        if (dryRun) await session.output.table(...plannedTable(blobs));
        else await session.output.line(digest);
        session.note(`${dryRun ? 'would move' : 'moved'} ${movedText(blobs)}: ${reference}`);
      }),
    );
}

/** With a digest in DST, what is copied is known by that alone. */
function tagFor({ source, destination }: TwoPlaces): TwoPlaces['source']['reference']['tag'] {
  const { tag, digest } = destination.reference;
  if (tag !== undefined && digest !== undefined) {
    throw wrongUsage('DST has a tag and a digest.', 'The digest follows from the content; leave it out.');
  }
  return digest === undefined ? (tag ?? source.reference.tag) : undefined;
}

function checkDigest({ destination }: TwoPlaces, digest: string): void {
  const expected = destination.reference.digest;
  if (expected === undefined || expected === digest) return;
  throw wrongUsage(`DST has the digest ${expected}, but ${digest} is copied.`, 'The digest follows from the content.');
}

const EXAMPLES = `
Examples:
  floe-oci copy oci://ghcr.io/acme/orders:1.2.0 oci://registry.example.com/acme/orders
  floe-oci copy localhost:5000/acme/app:v1 layout:./app --platform linux/arm64 --referrers`;
