import { Command } from 'commander';
import { formatReference } from '../../oci/index.ts';
import type { Act } from '../action.ts';
import { addReferenceOptions, type ReferenceOptions, refuseOperands, versionOf } from '../references.ts';

/** `floe-oci resolve REF` */
export function resolveCommand(act: Act): Command {
  const command = new Command('resolve')
    .summary('show the digest behind a tag')
    .description('Shows the digest of the manifest that a tag or digest names. The manifest itself is not changed.')
    .argument('[REF]', 'what to resolve')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: true }).action(
    act<ReferenceOptions>(async (session, operands, options) => {
      const named = await session.named(operands, options);
      refuseOperands(named);
      const { reference } = named;
      const version = versionOf(reference);
      const store = await session.source(named);
      const { digest, mediaType, size } = await store.resolve(version, session.call);
      if (session.options.json) {
        await session.output.json({ reference: formatReference(reference), digest, mediaType, size });
      } else {
        await session.output.line(digest);
      }
    }),
  );
}

const EXAMPLES = `
Example:
  floe-oci resolve oci://ghcr.io/acme/orders:latest`;
