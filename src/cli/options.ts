import { type Command, InvalidArgumentError, Option } from 'commander';
import { wrongUsage } from './cliError.ts';
import { CREDENTIAL_SOURCES } from './credentialSources.ts';
import { LOG_FORMATS, type LogFormat } from './logger.ts';

/** The options every command takes. What is absent has the core's default. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly logFormat: LogFormat;
  /** Undefined: http for loopback hosts without any TLS option, else https. */
  readonly plainHttp?: boolean;
  readonly caFile?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: boolean;
  readonly config?: string;
  readonly cacheDir?: string;
  /** False: `--no-cache`. */
  readonly cache?: boolean;
  /** Asks registries where tags lead, however fresh the cache is. */
  readonly refresh?: boolean;
  /** Asks no registry anything. */
  readonly offline?: boolean;
  /** Where credentials may come from, as {@link sourceOrder} reads it. */
  readonly credentialSources?: string;
  /** What kind of registry it is, where its name does not say so. */
  readonly provider?: string;
  /** Where its own API is, for a self-managed one that has it on another host. */
  readonly apiUrl?: string;
  /** Requests in flight per host. */
  readonly concurrency?: number;
  /** Seconds. */
  readonly timeout?: number;
  /** The first one counts. */
  readonly maxAttempts?: number;
  /** Where numbers are written at the end, as Prometheus text. */
  readonly metricsFile?: string;
  /** Where the HTTP exchange is written at the end, redacted, as HAR. */
  readonly record?: string;
}

/** More would only queue in the registry, and a mistyped number must not open a thousand connections. */
const MAX_CONCURRENCY = 64;
/** A day: longer than any silence somebody would wait for, and short enough for a timer. */
const MAX_TIMEOUT = 86_400;
/** manifest.yaml accepts as many. */
const MAX_ATTEMPTS = 10;

/** Adds what every command takes, under a heading of its own. */
export function addGlobalOptions(program: Command): Command {
  const heading = 'Options of every command:';
  const options = [
    new Option('--json', 'one JSON document on stdout; an error is one line of JSON on stderr'),
    new Option('--verbose', 'say what is done, and what lies under an error'),
    new Option('--log-format <format>', 'of lines on stderr').choices(LOG_FORMATS).default('text'),
    new Option('--plain-http', 'speak http to the registry (the default for loopback hosts)'),
    new Option('--no-plain-http', 'speak https to a loopback host too'),
    new Option('--ca-file <file>', 'PEM certificates to trust besides the usual ones'),
    new Option('--cert <file>', 'PEM client certificate, with --key'),
    new Option('--key <file>', 'PEM key of the client certificate'),
    new Option('--insecure', 'accept any certificate'),
    new Option('--config <manifest.yaml>', 'file with artifacts.registry (default: ./manifest.yaml if it has one)'),
    new Option(
      '--cache-dir <folder>',
      "cache of what is pulled (default: FLOE_OCI_CACHE_DIR, or the system's place)",
    ).argParser(nonEmpty),
    new Option('--no-cache', 'neither read nor fill the cache'),
    new Option('--refresh', 'ask where tags lead now, however fresh the cache is'),
    new Option('--offline', 'read from the cache alone, however old it is'),
    new Option(
      '--credential-sources <names>',
      `where credentials come from, in this order (default: FLOE_OCI_CREDENTIAL_SOURCES, or ${CREDENTIAL_SOURCES.join()})`,
    ),
    new Option('--provider <kind>', 'what the registry is, if its name does not tell: harbor, ecr, acr, gar...'),
    new Option('--api-url <url>', 'where the API of a self-managed GitLab or GitHub Enterprise is, on another host'),
    new Option('--concurrency <n>', 'requests at a time per host (default: 8)').argParser(wholeNumber(MAX_CONCURRENCY)),
    new Option('--timeout <seconds>', 'longest silence of a registry (default: 30)').argParser(
      wholeNumber(MAX_TIMEOUT),
    ),
    new Option('--record <file>', 'where to write the HTTP exchange as HAR at the end, without secrets').argParser(
      nonEmpty,
    ),
    new Option('--metrics-file <file>', 'where to write Prometheus text at the end').argParser(nonEmpty),
    new Option('--max-attempts <n>', 'tries of a request (default: 3)').argParser(wholeNumber(MAX_ATTEMPTS)),
  ];
  for (const option of options) program.addOption(option.helpGroup(heading));
  return program;
}

/** @throws CliError WRONG_USAGE for options that contradict each other */
export function checkGlobalOptions(options: GlobalOptions): void {
  checkCacheOptions(options);
  const { plainHttp, caFile, cert, key, insecure } = options;
  if ((cert === undefined) !== (key === undefined)) {
    throw wrongUsage('A client certificate needs both --cert and --key.', 'Give both, or neither.');
  }
  if (plainHttp && (caFile !== undefined || cert !== undefined || insecure)) {
    throw wrongUsage(
      '--plain-http is without TLS, and --ca-file, --cert, --key and --insecure are about TLS.',
      'Leave --plain-http out, or the others.',
    );
  }
}

function checkCacheOptions({ cacheDir, cache, refresh, offline }: GlobalOptions): void {
  if (offline && refresh) {
    throw wrongUsage('--refresh asks the registry, and --offline forbids it.', 'Leave one of them out.');
  }
  const given = [
    ...(cacheDir === undefined ? [] : ['--cache-dir']),
    ...(refresh ? ['--refresh'] : []),
    ...(offline ? ['--offline'] : []),
  ];
  if (cache === false && given.length > 0) {
    throw wrongUsage(
      `--no-cache leaves the cache alone, and ${given.join(' and ')} is about it.`,
      'Leave one of them out.',
    );
  }
}

/** An empty name would be the working folder. */
function nonEmpty(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('The path of a folder is accepted.');
}

/** Reads a whole number from 1 up. */
export function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`A whole number from 1 to ${most} is accepted.`);
  };
}
