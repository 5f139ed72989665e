import { Command, Option } from 'commander';
import type { TagOrder } from '../../floe/listTags.ts';
import { formatReference } from '../../oci/index.ts';
import type { Act } from '../action.ts';
import { CliError, wrongUsage } from '../cliError.ts';
import { wholeNumber } from '../options.ts';
import { addReferenceOptions, type ReferenceOptions, refuseOperands } from '../references.ts';

interface ListOptions extends ReferenceOptions {
  readonly filter?: string;
  readonly sort: TagOrder;
  readonly limit?: number;
}

const ORDERS: readonly TagOrder[] = ['name', 'version', 'created'];

/** `floe-oci list URI`: the tags of a repository or a layout. */
export function listCommand(act: Act): Command {
  const command = new Command('list')
    .summary('list the tags of a repository')
    .description('Lists the tags of a repository or a layout, with what their manifests say. No tags is an empty list.')
    .argument('[URI]', 'oci://HOST/REPOSITORY or layout:PATH')
    .addHelpText('after', EXAMPLES);
  return addReferenceOptions(command, { tag: false })
    .addOption(new Option('--filter <glob>', 'only tags that match, such as "v1.*"'))
    .addOption(
      new Option('--sort <order>', 'versions highest first, dates newest first').choices(ORDERS).default('name'),
    )
    .addOption(new Option('--limit <n>', 'this many tags at most').argParser(wholeNumber(Number.MAX_SAFE_INTEGER)))
    .action(
      act<ListOptions>(async (session, operands, { filter, sort, limit, ...place }) => {
        const { listTags } = await import('../../floe/listTags.ts');
        const named = await session.named(operands, place);
        refuseOperands(named);
        const { reference } = named;
        if (reference.tag ?? reference.digest) {
          throw wrongUsage(
            'A tag or digest is given where a repository is listed.',
            'Leave it out; --filter chooses tags.',
          );
        }
        const source = await session.source(named);
        const { tags, errors } = await listTags(source, {
          ...session.scope,
          sort,
          ...(filter !== undefined && { filter }),
          ...(limit !== undefined && { limit }),
        });
        if (session.options.json) {
          await session.output.json({ repository: formatReference(reference), tags, errors });
        } else {
          const { tagTable } = await import('../tagTable.ts');
          await session.output.table(...tagTable(tags));
          for (const { tag, message } of errors) session.warn(`${tag}: ${message}`);
        }
        if (errors.length > 0) throw incomplete(errors.length, tags.length + errors.length);
      }),
    );
}

function incomplete(missing: number, of: number): CliError {
  return new CliError(
    'INCOMPLETE',
    `The manifests of ${missing} of ${of} tags could not be read.`,
    'The other rows are right. "floe-oci validate" says more about one tag.',
    { missing, of },
  );
}

const EXAMPLES = `
Examples:
  floe-oci list oci://ghcr.io/acme/orders --filter "v1.*" --sort version --limit 5
  floe-oci list layout:./backup --json`;
