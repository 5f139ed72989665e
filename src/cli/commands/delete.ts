import { Command, Option } from 'commander';
import type { Act } from '../action.ts';
import { addReferenceOptions, type ReferenceOptions, refuseOperands } from '../references.ts';

interface DeleteOptions extends ReferenceOptions {
  readonly yes?: boolean;
  readonly manifest?: boolean;
}

/** `floe-oci delete REF` */
export function deleteCommand(act: Act): Command {
  const command = new Command('delete')
    .summary('remove a tag, or a manifest with all its tags')
    .description(
      'Removes a tag, and leaves what it names. With a digest, or --manifest, removes the manifest and every tag that names it, after saying which these are. What refers to it stays. Space is given back when the registry collects what nothing needs.',
    )
    .argument('[REF]', 'the tag or manifest to remove')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: true })
    .addOption(new Option('--manifest', 'with a tag: remove the manifest that it names'))
    .addOption(new Option('--yes', 'do not ask'))
    .action(
      act<DeleteOptions>(async (session, operands, { yes = false, manifest = false, ...place }) => {
        const named = await session.named(operands, place);
        refuseOperands(named);
        const { deleteManifest, deleteTag } = await import('../deleteContent.ts');
        const { digest, tag } = named.reference;
        if (digest === undefined && tag !== undefined && !manifest) return deleteTag(session, named, tag, yes);
        return deleteManifest(session, named, yes);
      }),
    );
}

const EXAMPLES = `
Examples:
  floe-oci delete oci://ghcr.io/acme/orders:1.2.0-rc.1
  floe-oci delete -r layout:./backup -t 1.2.0 --manifest --yes`;
