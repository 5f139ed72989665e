import { window } from 'vscode';
import { type CheckSignature, signatureGate } from '../floe/signatureGate.ts';
import { verificationPolicyOf } from '../floe/verificationPolicy.ts';
import type { ManifestRegistries } from './manifestRegistries.ts';
import type { Address } from './places.ts';
import { plainText } from './plainText.ts';

/**
 * The check that the manifest.yaml in force asks for before anything of its registry is used; undefined where it asks for
 * none. The environment is that of FLOE_ENVIRONMENT, as on the command line.
 */
export function signatureCheckFor(
  manifests: Pick<ManifestRegistries, 'find'>,
  { place, repository }: Pick<Address, 'place' | 'repository'>,
): CheckSignature | undefined {
  const manifest = place.kind === 'registry' ? manifests.find(place.id) : undefined;
  const policy = manifest && verificationPolicyOf(manifest.config, process.env['FLOE_ENVIRONMENT'] || undefined);
  if (policy === undefined) return undefined;
  return signatureGate({
    policy,
    place: () => place.open(repository),
    warn: (text) => void window.showWarningMessage(plainText(`${text}.`)),
  });
}
