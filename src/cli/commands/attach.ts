import { Command, Option } from 'commander';
import type { Act } from '../action.ts';
import { addAnnotationOption } from '../annotations.ts';
import type { AttachOptions } from '../commandOptions.ts';
import { addReferenceOptions } from '../references.ts';

/** `floe-oci attach REF FILE… --artifact-type T` */
export function attachCommand(act: Act): Command {
  const command = new Command('attach')
    .summary('attach files to an artifact')
    .description(
      'Pushes files as an artifact of their own that refers to another one, such as a signature or an SBOM, and shows its digest. The other artifact is not changed. Attaching the same again changes nothing.',
    )
    .usage('(REF | -r URI -t TAG) FILE[:MEDIATYPE]... --artifact-type TYPE [options]')
    .argument('[REF_AND_FILES...]', 'what to attach to, and the files')
    .addHelpText('after', EXAMPLES);
  addReferenceOptions(command, { tag: true }).addOption(
    new Option('--artifact-type <type>', 'what the files are, as a media type').makeOptionMandatory(),
  );
  return addAnnotationOption(command).action(
    act<AttachOptions>(async (session, operands, options) => {
      const { attachFiles } = await import('../attachFiles.ts');
      return attachFiles(session, operands, options);
    }),
  );
}

const EXAMPLES = `
Examples:
  floe-oci attach oci://ghcr.io/acme/orders:1.2.0 sbom.spdx.json:application/spdx+json --artifact-type application/spdx+json
  floe-oci attach -r layout:./backup -t 1.2.0 notes.txt:text/plain --artifact-type application/vnd.acme.notes.v1`;
