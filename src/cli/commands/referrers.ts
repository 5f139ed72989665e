import { Command, Option } from 'commander';
import type { Act } from '../action.ts';
import { addReferenceOptions, type ReferenceOptions, refuseOperands } from '../references.ts';

interface ReferrersOptions extends ReferenceOptions {
  readonly artifactType?: string;
}

/** `floe-oci referrers REF` */
export function referrersCommand(act: Act): Command {
  const command = new Command('referrers')
    .summary('list what refers to an artifact')
    .description(
      'Lists what was attached to an artifact: signatures, SBOMs, attestations. Where the registry does not list them itself, the list is read that clients keep for it.',
    )
    .argument('[REF]', 'what they refer to')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: true })
    .addOption(new Option('--artifact-type <type>', 'only those of this type'))
    .action(
      act<ReferrersOptions>(async (session, operands, { artifactType, ...place }) => {
        const { formatReference, parseMediaType } = await import('../../oci/index.ts');
        const { findReferrers, referrerTable } = await import('../findReferrers.ts');
        const named = await session.named(operands, place);
        refuseOperands(named);
        const type = artifactType === undefined ? {} : { artifactType: parseMediaType(artifactType) };
        const found = await findReferrers(await session.repository(named), named.reference, {
          ...session.call,
          ...type,
        });
        if (!session.options.json) return session.output.table(...referrerTable(found.referrers));
        await session.output.json({ reference: formatReference(named.reference), ...found });
      }),
    );
}

const EXAMPLES = `
Examples:
  floe-oci referrers oci://ghcr.io/acme/orders:1.2.0
  floe-oci referrers -r layout:./backup -t 1.2.0 --artifact-type application/spdx+json --json`;
