import { parseRegistryHost, parseRegistryReference, visible } from '../../oci/index.ts';
import { wrongUsage } from '../cliError.ts';
import type { Session } from '../session.ts';
import { type Check, failed } from './check.ts';
import { localChecks } from './localChecks.ts';
import { type Patient, registryChecks } from './registryChecks.ts';

const MARKS: Readonly<Record<Check['status'], string>> = {
  ok: 'ok     ',
  warning: 'warning',
  failed: 'FAILED ',
  unknown: '?      ',
};

/** Wide enough for the longest name, and a space. */
const NAME_WIDTH = 'Token servers '.length;

/**
 * `doctor [HOST]`: looks at this machine, and at a registry from here. The report comes whole, whatever is wrong.
 * @throws what failed first, once everything is told
 */
export async function doctor(session: Session, place: string | undefined): Promise<void> {
  const patient = await patientOf(session, place);
  session.tell({ registry: patient?.registry, repository: patient?.repository });
  const checks: Check[] = [];
  const note = async (check: Check): Promise<void> => {
    const causes = (check.causes ?? []).map((cause) => withoutHome(cause, session.io.env));
    const shown = { ...check, text: withoutHome(check.text, session.io.env), causes };
    checks.push(shown);
    if (session.options.json !== true) for (const line of linesOf(shown)) await session.output.line(line);
  };
  for await (const check of localChecks(session)) await note(check);
  try {
    if (patient !== undefined) for await (const check of registryChecks(session, patient)) await note(check);
  } catch (error) {
    // What was given to reach it with is not usable.
    await note(failed('Registry', error));
  }
  if (session.options.json) await session.output.json(reportOf(patient, checks, session.io.env));
  const first = checks.find(({ status }) => status === 'failed');
  if (first !== undefined) throw first.error;
}

/**
 * `HOST[:PORT]`, or with a repository; without, the registry of the manifest.yaml. Of one that is named, the file says
 * nothing unless it is named too, as for every command.
 * @throws OciError INVALID_REFERENCE; CliError WRONG_USAGE when nobody may be asked
 */
async function patientOf({ options, manifest: own }: Session, place: string | undefined): Promise<Patient | undefined> {
  // A file that is not valid is among what is told.
  const manifest = await own.find().catch(() => undefined);
  if (place === undefined) return manifest && !options.offline ? { ...manifest.place, manifest } : undefined;
  if (options.offline) throw wrongUsage('--offline asks no registry, and one is named.', 'Leave one of them out.');
  const text = place.replace(/^oci:\/\//, '').replace(/\/$/, '');
  const named = options.config === undefined ? undefined : manifest;
  if (text.includes('/')) return { ...parseRegistryReference(text), manifest: named };
  return { registry: parseRegistryHost(text), repository: undefined, manifest: named };
}

function linesOf({ name, status, text, causes = [] }: Check): readonly string[] {
  const indent = ' '.repeat(MARKS.ok.length + 1 + NAME_WIDTH);
  return [
    `${MARKS[status]} ${name.padEnd(NAME_WIDTH)}${visible(text)}`,
    ...causes.map((cause) => `${indent}caused by: ${visible(cause)}`),
  ];
}

function reportOf(patient: Patient | undefined, checks: readonly Check[], env: Session['io']['env']): object {
  return {
    registry: patient?.registry ?? null,
    ok: checks.every(({ status }) => status !== 'failed'),
    checks: checks.map(({ name, status, text, facts = {}, causes = [] }) => ({
      name,
      status,
      text,
      facts: JSON.parse(withoutHome(JSON.stringify(facts), env)),
      causes,
    })),
  };
}

/** Reports are shown to strangers, whom the name of the user's home does not concern. */
function withoutHome(text: string, env: Session['io']['env']): string {
  const home = env[process.platform === 'win32' ? 'USERPROFILE' : 'HOME'];
  return home === undefined || home.length < 2 ? text : text.replaceAll(home, '~');
}
