import { Command } from 'commander';
import type { CallOptions, ManifestDescriptor, ReadableStore, Reference, TagLister } from '../../oci/index.ts';
import type { Act } from '../action.ts';
import { CliError } from '../cliError.ts';
import { addReferenceOptions, type ReferenceOptions, refuseOperands } from '../references.ts';

/** `floe-oci validate REF` */
export function validateCommand(act: Act): Command {
  const command = new Command('validate')
    .summary('recompute every digest and size')
    .description(
      'Reads everything that can be reached from REF and recomputes every digest and size. Without tag and digest, all tags of the repository or layout are read. Nothing is changed.',
    )
    .argument('[REF]', 'what to validate')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: true }).action(
    act<ReferenceOptions>(async (session, operands, options) => {
      const { formatReference, validate } = await import('../../oci/index.ts');
      const { present } = await import('../present.ts');
      const named = await session.named(operands, options);
      refuseOperands(named);
      const { reference } = named;
      const store = await session.open(named);
      const roots = await rootsOf(store, reference, session.call);
      const progress = session.progress('validate');
      const { checked, problems } = await validate(store, roots, { ...session.call, onEvent: progress.onEvent });
      progress.end();
      const found = problems.map(({ descriptor: { digest, mediaType }, path, error }) => {
        const { message } = present(error);
        return { digest, mediaType, path, code: error.code, message };
      });
      if (session.options.json) {
        await session.output.json({ reference: formatReference(reference), checked: checked.length, problems: found });
      } else {
        for (const { digest, message } of found) await session.output.line(`${digest}: ${message}`);
        if (found.length === 0) await session.output.line(`${checked.length} checked, all as they should be`);
      }
      if (found.length > 0) throw failed(found.length, checked.length);
    }),
  );
}

/** The manifest that is named, or without a tag and a digest those behind all tags. */
async function rootsOf(
  store: ReadableStore & TagLister,
  { digest, tag }: Reference,
  call: CallOptions,
): Promise<readonly ManifestDescriptor[]> {
  const version = digest ?? tag;
  if (version !== undefined) return [await store.resolve(version, call)];
  const tags = await Array.fromAsync(store.tags(call));
  const results = await Promise.allSettled(tags.map((each) => store.resolve(each, call)));
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

function failed(problems: number, checked: number): CliError {
  return new CliError(
    'VERIFICATION_FAILED',
    `${problems} of ${checked} are not what their descriptors say.`,
    'Pull the artifact from another place, or push it again.',
    { problems, checked },
  );
}

const EXAMPLES = `
Examples:
  floe-oci validate layout:./backup
  floe-oci validate -r oci://ghcr.io/acme/orders -t 1.2.0`;
