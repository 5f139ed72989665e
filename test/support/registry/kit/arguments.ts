import { parseArgs } from 'node:util';
import { FAULTS, type FaultName } from '../namedFaults.ts';
import { PROFILES, type ProfileName } from '../profiles.ts';

/** What the program is asked for. */
export type Task =
  | { readonly kind: 'help' | 'list' }
  | {
      readonly kind: 'serve';
      readonly profile: ProfileName | undefined;
      readonly faults: readonly FaultName[];
      readonly address: string;
      readonly port: number;
      /** File for a line of JSON a request. */
      readonly log: string | undefined;
    };

/** A wrong command line; the message says what is accepted. */
export class UsageError extends Error {}

export const HELP = `Usage: floe-oci-test-registry [options]

A registry by the OCI distribution spec, in memory, that behaves as a real one does or makes a fault, for tests of
clients. Its address is the one line on stdout; it ends on SIGINT or SIGTERM.

Options:
  --profile NAME   as that registry behaves; default: all that the specification has, for anyone
  --fault NAME     with that fault besides; may be given several times
  --list           prints the profiles and faults with what they do and where that is written, and ends
  --host ADDRESS   default 127.0.0.1; anybody who reaches another address may write and read
  --port N         default 0, any that is free
  --log FILE       writes each request as a line of JSON, without credentials; an existing file is replaced
  --help           prints this, and ends
`;

/** As a profile is written on the command line. */
export function slugOf(profile: ProfileName): string {
  return profile.toLowerCase().replaceAll(' ', '-');
}

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): Task {
  const { help, list, profile, fault, host, port, log } = valuesOf(argv);
  if (help === true) return { kind: 'help' };
  if (list === true) return { kind: 'list' };
  return {
    kind: 'serve',
    profile: profile === undefined ? undefined : profileOf(profile),
    faults: (fault ?? []).map(faultOf),
    address: host ?? '127.0.0.1',
    port: portOf(port ?? '0'),
    log,
  };
}

function valuesOf(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean', short: 'h' },
        list: { type: 'boolean' },
        profile: { type: 'string' },
        fault: { type: 'string', multiple: true },
        host: { type: 'string' },
        port: { type: 'string' },
        log: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function profileOf(name: string): ProfileName {
  const names = Object.keys(PROFILES) as readonly ProfileName[];
  const found = names.find((profile) => slugOf(profile) === name.toLowerCase().replaceAll(' ', '-'));
  if (found !== undefined) return found;
  throw new UsageError(`there is no profile ${JSON.stringify(name)}; there are ${names.map(slugOf).join(', ')}`);
}

function faultOf(name: string): FaultName {
  if (Object.hasOwn(FAULTS, name)) return name as FaultName;
  throw new UsageError(`there is no fault ${JSON.stringify(name)}; there are ${Object.keys(FAULTS).join(', ')}`);
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65535) return port;
  throw new UsageError(`not a port: ${JSON.stringify(text)}; accepted are 0 to 65535`);
}
