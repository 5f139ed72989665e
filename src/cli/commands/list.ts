import { Command, Option } from 'commander';
import type { ListTagsOptions, TagOrder, TagRow } from '../../floe/listTags.ts';
import { formatReference, type Reference, type RegistryProvider } from '../../oci/index.ts';
import type { Act } from '../action.ts';
import { CliError, wrongUsage } from '../cliError.ts';
import { wholeNumber } from '../options.ts';
import { addReferenceOptions, type ReferenceOptions, refuseOperands } from '../references.ts';

interface ListOptions extends ReferenceOptions {
  readonly filter?: string;
  readonly product?: string;
  readonly sort: TagOrder;
  readonly limit?: number;
  readonly all?: boolean;
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
    .addOption(new Option('--product <glob>', 'only artifacts compiled from a product of such a name'))
    .addOption(
      new Option('--sort <order>', 'versions highest first, dates newest first').choices(ORDERS).default('name'),
    )
    .addOption(new Option('--limit <n>', 'this many tags at most').argParser(wholeNumber(Number.MAX_SAFE_INTEGER)))
    .addOption(new Option('--all', 'also the tags that only carry referrers or signatures of others'))
    .action(
      act<ListOptions>(async (session, operands, { filter, product, sort, limit, all = false, ...place }) => {
        const named = await session.named(operands, place);
        refuseOperands(named);
        const { reference } = named;
        if (reference.tag ?? reference.digest) {
          throw wrongUsage(
            'A tag or digest is given where a repository is listed.',
            'Leave it out; --filter chooses tags.',
          );
        }
        const client = await session.client(named);
        const provider = session.options.offline ? undefined : await session.provider(named);
        const described = provider?.describesTags ? describedBy(provider, reference) : undefined;
        const { tags, errors, hidden } = await client.list({
          ...session.scope,
          sort,
          all,
          ...(described && { described }),
          ...(filter !== undefined && { filter }),
          ...(product !== undefined && { product }),
          ...(limit !== undefined && { limit }),
        });
        if (session.options.json) {
          await session.output.json({ repository: formatReference(reference), tags: tags.map(withoutProduct), errors });
        } else {
          const { tagTable } = await import('../tagTable.ts');
          await session.output.table(...tagTable(tags));
          if (hidden > 0) session.note(`${hidden} more with referrers and signatures; --all shows them`);
          for (const { tag, message } of errors) session.warn(`${tag}: ${message}`);
        }
        if (errors.length > 0) throw incomplete(errors.length, tags.length + errors.length);
      }),
    );
}

/** A registry that describes all tags at once saves a request for each. */
function describedBy(provider: RegistryProvider, reference: Reference): ListTagsOptions['described'] {
  if (reference.kind !== 'registry') return undefined;
  return (call) => provider.tags(reference.repository, call);
}

/** The rows of a list have fixed members; `inspect` tells the product. */
function withoutProduct({ product, ...row }: TagRow): Omit<TagRow, 'product'> {
  return row;
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
