import { Command, Option } from 'commander';
import type { Act } from '../action.ts';
import { wrongUsage } from '../cliError.ts';
import type { Session } from '../session.ts';

interface LoginOptions {
  readonly username?: string;
  readonly passwordStdin?: boolean;
}

/** `floe-oci login HOST [-u USER] [--password-stdin]` */
export function loginCommand(act: Act): Command {
  return new Command('login')
    .summary('sign in to a registry')
    .description(
      "Checks a user name and password with a registry, and keeps them in Docker's credential store or configuration file, where other clients find them too. Where the token server gives an identity token for them, that is kept in the place of the password.",
    )
    .argument('<HOST>', 'the registry, as HOST[:PORT]')
    .addOption(new Option('-u, --username <user>', 'the user name; asked for when left out'))
    .addOption(new Option('--password-stdin', 'read the password from standard input'))
    .addHelpText('after', EXAMPLES)
    .action(
      act<LoginOptions>(async (session, [host = ''], options) => {
        const { fixed, parseRegistryHost, saveCredential } = await import('../../oci/index.ts');
        const { configFile } = await import('../configFile.ts');
        const registry = parseRegistryHost(host);
        const file = configFile(session.io);
        const { username, password } = await readCredential(session, options);
        let isChecked = false;
        let identityToken: string | undefined;
        const onIdentityToken = (token: string): void => {
          identityToken = token;
        };
        const own = fixed({ kind: 'basic', username, password, source: 'login', onIdentityToken }, registry);
        const asked = await session.registry(registry, {
          credentialFor: (...call) => {
            isChecked = true;
            return own.credentialFor(...call);
          },
        });
        await asked.ping(session.call);
        if (!isChecked) session.warn(`${registry} asks for no password, so this one could not be checked`);
        const { signal, env: environment } = session.io;
        const login = { username, ...(identityToken === undefined ? { password } : { identityToken }) };
        const saved = await saveCredential(login, registry, { file, environment, signal });
        if (!saved.isEncrypted) {
          const what = identityToken === undefined ? 'password' : 'identity token';
          session.warn(
            `the ${what} is kept in ${saved.place}, which is not encrypted; "credsStore" there names a safer place`,
          );
        }
        const { place: savedIn, isEncrypted } = saved;
        const kind = identityToken === undefined ? 'basic' : 'identityToken';
        if (session.options.json) await session.output.json({ registry, username, kind, savedIn, isEncrypted });
        else await session.output.line(`Signed in to ${registry} as ${username}.`);
      }),
    );
}

async function readCredential(
  { io }: Session,
  { username: given, passwordStdin }: LoginOptions,
): Promise<{ readonly username: string; readonly password: string }> {
  const { askPerson, passwordFromStdin } = await import('../password.ts');
  if (passwordStdin && given === undefined) {
    throw wrongUsage('--password-stdin is given without a user name.', 'Give -u USER too.');
  }
  const username = given ?? (await askPerson(io, 'User name: ', false));
  if (username === '' || username.includes(':') || /\p{Cc}/u.test(username)) {
    throw wrongUsage('This is not a user name.', 'A user name is not empty, and has no ":" and no control characters.');
  }
  const password = passwordStdin ? await passwordFromStdin(io) : await askPerson(io, 'Password: ', true);
  return { username, password };
}

const EXAMPLES = `
Examples:
  floe-oci login ghcr.io
  floe-oci login registry.example.com:5000 -u robot --password-stdin < token.txt`;
