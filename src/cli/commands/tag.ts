import { Command } from 'commander';
import type { Act } from '../action.ts';
import { wrongUsage } from '../cliError.ts';
import { addReferenceOptions, type ReferenceOptions, versionOf } from '../references.ts';

/** `floe-oci tag REF TAG…` */
export function tagCommand(act: Act): Command {
  const command = new Command('tag')
    .summary('give an artifact more tags')
    .description(
      'Makes tags name what REF names, in the same repository or layout. Tags that may be moved are moved; when one is protected and names something else, none is changed.',
    )
    .usage('(REF | -r URI -t TAG) TAG... [options]')
    .argument('[REF_AND_TAGS...]', 'what to tag, and the tags for it')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: true }).action(
    act<ReferenceOptions>(async (session, operands, options) => {
      const { formatReference, parseTag } = await import('../../oci/index.ts');
      const { addTags } = await import('../../floe/addTags.ts');
      const named = await session.named(operands, options);
      const { digest: _, ...place } = named.reference;
      const version = versionOf(named.reference);
      const tags = named.rest.map(parseTag);
      if (tags.length === 0) throw wrongUsage('No new tag is given.', 'Give one or more tags after what they are for.');
      const target = await session.repository(named);
      const descriptor = await target.resolve(version, session.call);
      const added = await addTags(target, descriptor, tags, session.call);
      if (!session.options.json) {
        for (const { tag } of added) await session.output.line(formatReference({ ...place, tag }));
        return;
      }
      await session.output.json({
        reference: formatReference(named.reference),
        digest: descriptor.digest,
        tags: added.map(({ tag, outcome }) => ({ name: tag, outcome })),
      });
    }),
  );
}

const EXAMPLES = `
Examples:
  floe-oci tag oci://ghcr.io/acme/orders:1.2.0 latest prod
  floe-oci tag -r layout:./backup -t 1.2.0 latest`;
