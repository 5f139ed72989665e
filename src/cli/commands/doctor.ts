import { Command } from 'commander';
import type { Act } from '../action.ts';

/** `floe-oci doctor [HOST]` */
export function doctorCommand(act: Act): Command {
  return new Command('doctor')
    .summary('look at this machine, and at a registry from here')
    .description(
      'Shows versions, proxies, certificates and the cache, and of a registry which credential is used (never the secret), whether and how it is reached, and what it can do. The report can be shown to others. The exit code is that of what failed.',
    )
    .argument(
      '[HOST]',
      'the registry, as HOST[:PORT] or HOST[:PORT]/REPOSITORY; default: that of manifest.yaml, if any',
    )
    .addHelpText('after', EXAMPLES)
    .action(
      act(async (session, [place]) => {
        const { doctor } = await import('../doctor/doctor.ts');
        return doctor(session, place);
      }),
    );
}

const EXAMPLES = `
Examples:
  floe-oci doctor
  floe-oci doctor registry.example.com:5000 --json`;
