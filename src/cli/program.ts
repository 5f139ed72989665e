import { Command, type CommanderError } from 'commander';
import { createAct } from './action.ts';
import { wrongUsage } from './cliError.ts';
import { attachCommand } from './commands/attach.ts';
import { backupCommand } from './commands/backup.ts';
import { cacheCommand } from './commands/cache.ts';
import { copyCommand } from './commands/copy.ts';
import { deleteCommand } from './commands/delete.ts';
import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { inspectCommand } from './commands/inspect.ts';
import { listCommand } from './commands/list.ts';
import { loginCommand } from './commands/login.ts';
import { logoutCommand } from './commands/logout.ts';
import { mirrorCommand } from './commands/mirror.ts';
import { pullCommand } from './commands/pull.ts';
import { pushCommand } from './commands/push.ts';
import { referrersCommand } from './commands/referrers.ts';
import { reposCommand } from './commands/repos.ts';
import { resolveCommand } from './commands/resolve.ts';
import { restoreCommand } from './commands/restore.ts';
import { tagCommand } from './commands/tag.ts';
import { validateCommand } from './commands/validate.ts';
import type { CliIo } from './io.ts';
import { addGlobalOptions } from './options.ts';

/** Thrown by `--version`: who catches it prints it, so that the core is loaded only then. */
export class VersionAsked extends Error {}

const COMMANDS = [
  pushCommand,
  pullCommand,
  inspectCommand,
  listCommand,
  reposCommand,
  resolveCommand,
  copyCommand,
  mirrorCommand,
  backupCommand,
  restoreCommand,
  diffCommand,
  tagCommand,
  deleteCommand,
  attachCommand,
  referrersCommand,
  validateCommand,
  cacheCommand,
  loginCommand,
  logoutCommand,
  doctorCommand,
];

/** Wide enough for two columns, narrow enough to read. Help is the same everywhere, whatever the terminal. */
const HELP_WIDTH = 100;

const EPILOG = `
REF is oci://HOST[:PORT]/REPOSITORY[:TAG][@DIGEST], or layout:PATH[:TAG][@DIGEST] with PATH a folder.

Credentials come from FLOE_REGISTRY_USERNAME and FLOE_REGISTRY_PASSWORD, or FLOE_REGISTRY_TOKEN, of
which FLOE_REGISTRY_HOST names the one host that they may go to, and FLOE_REGISTRY_REALM the token
server of that host; then from the secret that manifest.yaml refers to; then from "floe-oci login",
"docker login" and "podman login", mounted image pull secrets, and the identity in a cloud that the
environment names. --credential-sources says which of them are asked, and in which order.

What is pulled from registries is kept in a cache: that of --cache-dir, else of FLOE_OCI_CACHE_DIR, of
manifest.yaml, or of the system. Versions such as v1.2.0 are not asked for again, other tags once a
day; --refresh asks now.

FLOE_ENVIRONMENT is the environment whose rule counts, where manifest.yaml has verification.environments.
FLOE_OCI_LOG sets the log level: trace, debug, info, warn, error or off. OTEL_EXPORTER_OTLP_ENDPOINT
and the other OTEL_* variables say where traces and metrics go, which is nowhere by default.

Exit codes: 0 success, 1 other failure (diff: different), 2 not allowed, 3 not found, 4 protected
tag, 5 registry unavailable, 6 verification failed, 64 wrong usage, 65 invalid document or
reference, 66 input file missing, 70 other failure of diff, 73 output cannot be written, 130
cancelled.`;

/**
 * The whole command line, ready to parse. It throws what is wrong and never ends the process.
 * @param writeHelp takes help that is asked for; default: it goes to stdout at once
 */
export function createProgram(
  io: CliIo,
  writeHelp: (text: string) => void = (text) => void io.stdout.write(text),
): Command {
  const program = new Command('floe-oci')
    .description('Pushes, pulls, lists and inspects artifacts in OCI registries and OCI image layouts.')
    .usage('COMMAND [options]')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: writeHelp,
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => HELP_WIDTH,
      getOutHasColors: () => false,
    })
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [COMMAND]', 'show the help of a command')
    .option('-V, --version', 'show the version')
    .on('option:version', () => {
      throw new VersionAsked();
    })
    .addHelpText('after', EPILOG);
  addGlobalOptions(program);
  const act = createAct(io);
  for (const make of COMMANDS) program.addCommand(make(act).copyInheritedSettings(program));
  for (const command of [program, ...program.commands]) command.exitOverride(rethrow(command));
  return program;
}

/** The parser's own errors as ours. Help that was asked for is an error to it, with exit code 0. */
function rethrow(command: Command): (error: CommanderError) => never {
  const name = command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;
  const seeHelp = `See "${name} --help".`;
  return (error) => {
    if (error.exitCode === 0) throw error;
    if (error.code === 'commander.help') throw wrongUsage('No command is given.', seeHelp);
    const said = error.message.replace(/^error: /, '');
    // What was meant as the value of an unknown option may be a secret.
    const isKnown = error.code === 'commander.invalidArgument';
    const text = isKnown ? said : said.replace(/'(--?[^'=]+)=.*'/, "'$1'");
    const [message = '', suggestion = ''] = text.split('\n');
    const sentence = message.charAt(0).toUpperCase() + message.slice(1).replace(/[^.?!]$/, '$&.');
    const hints = [suggestion.replace(/^\((.*)\)$/, '$1'), seeHelp];
    throw wrongUsage(sentence, hints.filter((hint) => hint !== '').join(' '));
  };
}
