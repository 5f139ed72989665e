import { Command, Option } from 'commander';
import { formatReference } from '../../oci/index.ts';
import type { Act } from '../action.ts';
import { wrongUsage } from '../cliError.ts';
import { addReferenceOptions, type ReferenceOptions, refuseOperands, versionOf } from '../references.ts';

interface InspectOptions extends ReferenceOptions {
  readonly raw?: boolean;
  readonly signatures?: boolean;
}

/** `floe-oci inspect REF`: what the manifest alone says. */
export function inspectCommand(act: Act): Command {
  const command = new Command('inspect')
    .summary('show what a manifest says')
    .description(
      'Shows what the manifest of an artifact says, and reads nothing else. --raw shows its exact bytes. --signatures also looks for signatures and promotions; it verifies none.',
    )
    .argument('[REF]', 'what to inspect')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: true })
    .addOption(new Option('--raw', 'the exact bytes of the manifest'))
    .addOption(new Option('--signatures', 'also look for signatures, and for tags that promote it').conflicts('raw'))
    .action(
      act<InspectOptions>(async (session, operands, options) => {
        if (options.raw && session.options.json) {
          throw wrongUsage(
            '--raw and --json are two forms of output.',
            'Leave one of them out: a raw manifest is JSON too.',
          );
        }
        const named = await session.named(operands, options);
        refuseOperands(named);
        const version = versionOf(named.reference);
        if (options.raw) {
          const { readVerified } = await import('../../oci/index.ts');
          const source = await session.source(named);
          const descriptor = await source.resolve(version, session.call);
          const { bytes } = await readVerified(source, descriptor, session.call);
          return session.output.bytes(bytes);
        }
        const client = await session.client(named);
        const inspection = {
          ...(await client.inspect(version, session.call)),
          reference: formatReference(named.reference),
        };
        const { digest, size, layers, product } = inspection;
        session.tell({
          digest,
          size: size ?? undefined,
          layers: layers.length,
          productName: product?.name,
          productVersion: product?.version ?? undefined,
        });
        const shown = options.signatures ? await client.withStanding(inspection, session.call) : inspection;
        if (session.options.json) return session.output.json(shown);
        const { inspectionLines } = await import('../inspectionLines.ts');
        for (const line of inspectionLines(shown)) await session.output.line(line);
      }),
    );
}

const EXAMPLES = `
Examples:
  floe-oci inspect oci://ghcr.io/acme/orders:1.2.0
  floe-oci inspect -r layout:./backup -t 1.2.0 --raw | sha256sum`;
