import { Command } from 'commander';
import type { Act } from '../action.ts';

/** `floe-oci logout HOST` */
export function logoutCommand(act: Act): Command {
  return new Command('logout')
    .summary('sign out of a registry')
    .description("Removes what is kept for a registry in Docker's credential store and configuration file.")
    .argument('<HOST>', 'the registry, as HOST[:PORT]')
    .addHelpText('after', EXAMPLES)
    .action(
      act(async (session, [host = '']) => {
        const { eraseCredential, parseRegistryHost, realmFolder, removeRealm, signedInCredentials } = await import(
          '../../oci/index.ts'
        );
        const { configFile } = await import('../configFile.ts');
        const registry = parseRegistryHost(host);
        session.tell({ registry });
        const { signal, env: environment } = session.io;
        const isRemoved = await eraseCredential(registry, { file: configFile(session.io), environment, signal });
        const realms = realmFolder(environment, process.platform);
        if (realms !== undefined) await removeRealm(realms, registry);
        const rest = await signedInCredentials({ environment, logger: session.logger }).credentialFor(registry, {
          signal,
        });
        if (rest !== undefined) session.warn(`${rest.source} still has a credential for ${registry}`);
        if (session.options.json) await session.output.json({ registry, isRemoved });
        else await session.output.line(isRemoved ? `Signed out of ${registry}.` : `Not signed in to ${registry}.`);
      }),
    );
}

const EXAMPLES = `
Example:
  floe-oci logout ghcr.io`;
