import { Command } from 'commander';
import { formatReference } from '../../oci/index.ts';
import type { Act } from '../action.ts';
import { NoVerdict, Verdict } from '../cliError.ts';
import { ExitCode } from '../exitCodes.ts';
import { OutputClosed } from '../output.ts';
import { addReferenceOptions, type ReferenceOptions, versionOf } from '../references.ts';
import type { Session } from '../session.ts';
import { twoPlaces } from '../twoPlaces.ts';

/** `floe-oci diff REF REF` */
export function diffCommand(act: Act): Command {
  const command = new Command('diff')
    .summary('compare two artifacts')
    .description(
      'Compares manifests, annotations and layers, and of compiled artifacts the documents, value by value. Exit code 0: the same; 1: different; 70: any other failure that would be 1.',
    )
    .usage('(REF | -r URI -t TAG) REF [options]')
    .argument('[REF_AND_REF...]', 'what to compare')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: true }).action(
    act<ReferenceOptions>(async (session, operands, options) => {
      const isSame = await compare(session, operands, options).catch((error: unknown) => {
        throw error instanceof OutputClosed ? error : new NoVerdict(error);
      });
      if (!isSame) throw new Verdict(ExitCode.different);
    }),
  );
}

async function compare(session: Session, operands: readonly string[], options: ReferenceOptions): Promise<boolean> {
  const { diffArtifacts } = await import('../../floe/diffArtifacts.ts');
  const { source: left, destination: right } = await twoPlaces(session, operands, options);
  const versions = [versionOf(left.reference), versionOf(right.reference)] as const;
  const stores = [await session.source(left), await session.source(right)] as const;
  const differences = await diffArtifacts(
    { store: stores[0], reference: versions[0] },
    { store: stores[1], reference: versions[1] },
    session.call,
  );
  if (session.options.json) {
    const { left: leftDigest, right: rightDigest, ...parts } = differences;
    await session.output.json({
      left: { reference: formatReference(left.reference), digest: leftDigest },
      right: { reference: formatReference(right.reference), digest: rightDigest },
      ...parts,
    });
  } else {
    const { diffLines } = await import('../diffLines.ts');
    for (const line of diffLines(differences)) await session.output.line(line);
  }
  return differences.isSame;
}

const EXAMPLES = `
Examples:
  floe-oci diff oci://ghcr.io/acme/orders:1.2.0 oci://ghcr.io/acme/orders:1.3.0
  floe-oci diff -r layout:./backup -t 1.2.0 oci://ghcr.io/acme/orders:1.2.0 --json`;
