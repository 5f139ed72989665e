import { PROVIDER_TITLES, type Reference } from '../oci/index.ts';
import type { Session } from './session.ts';

/** Makes what a push needs to be there: a repository, or the project around it. A layout is made by the push. @throws OciError DENIED, UNSUPPORTED */
export async function createRepository(session: Session, reference: Reference): Promise<void> {
  if (reference.kind !== 'registry') return;
  const provider = await session.provider({ reference, by: 'REF' }, { detect: true });
  const creation = await provider?.createRepository(reference.repository, session.call);
  if (provider === undefined || creation !== 'created') return;
  session.note(
    `Created what ${reference.repository} needs in ${PROVIDER_TITLES[provider.name]} at ${reference.registry}.`,
  );
}
