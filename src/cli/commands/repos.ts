import { Command, Option } from 'commander';
import type { Act } from '../action.ts';

interface ReposOptions {
  readonly filter?: string;
}

/** `floe-oci repos HOST` */
export function reposCommand(act: Act): Command {
  return new Command('repos')
    .summary('list the repositories of a registry')
    .description(
      'Lists the repositories of a registry, by its catalog or its own API, or the layouts in a folder. Which ones it shows may depend on who asks. Some registries list only what is below a project, namespace or owner.',
    )
    .argument('<HOST>', 'the registry as HOST[:PORT] or HOST[:PORT]/PROJECT, or layout:FOLDER')
    .addOption(new Option('--filter <glob>', 'only repositories that match, such as "team/*"'))
    .addHelpText('after', EXAMPLES)
    .action(
      act<ReposOptions>(async (session, [host = ''], { filter = '*' }) => {
        const { compileGlob } = await import('../../floe/glob.ts');
        const { repositoriesOf } = await import('../repositories.ts');
        const matches = compileGlob(filter, '--filter');
        const { registry, names } = await repositoriesOf(session, host);
        const repositories = (await Array.fromAsync(names)).filter(matches).sort();
        if (session.options.json) return session.output.json({ registry, repositories });
        for (const repository of repositories) await session.output.line(repository);
      }),
    );
}

const EXAMPLES = `
Examples:
  floe-oci repos registry.example.com:5000
  floe-oci repos europe-west1-docker.pkg.dev/my-project
  floe-oci repos localhost:5000 --filter "acme/*" --json`;
