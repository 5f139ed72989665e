import { l10n, window } from 'vscode';
import {
  type CallOptions,
  cancelled,
  isOciError,
  PROVIDER_TITLES,
  type ProviderName,
  type RepositoryName,
} from '../../oci/index.ts';
import type { Address, Place } from '../places.ts';
import { plainText } from '../plainText.ts';

/** Who makes nothing by a push, and what has to be there before it. */
const WANTS: Partial<Readonly<Record<ProviderName, 'repository' | 'project'>>> = {
  harbor: 'project',
  ecr: 'repository',
  'ecr-public': 'repository',
  gar: 'repository',
};

/**
 * Sends something to a repository. Where the registry refuses it because it wants the repository, or the project around it,
 * to be there before, the user is asked whether to create it, and then it is sent once more.
 * @throws OciError CANCELLED when the user does not want that; what `send` throws; what creating it throws
 */
export async function orCreate<T>(
  { place, repository }: Address,
  call: CallOptions,
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const { hosting } = place;
    const wanted = hosting?.kind && WANTS[hosting.kind];
    if (hosting === undefined || wanted === undefined || !mayBeMissing(error, wanted)) throw error;
    const isWanted =
      wanted === 'project' ? await askProject(place, repository) : await askRepository(place, repository);
    if (!isWanted) throw cancelled();
    await hosting.create(repository, call);
    return await send();
  }
}

/** Harbor does not tell those who may not see a project from those who name one that is not there. */
function mayBeMissing(error: unknown, wanted: 'repository' | 'project'): boolean {
  if (isOciError(error, 'NOT_FOUND')) return error.details.kind === 'repository';
  return wanted === 'project' && (isOciError(error, 'DENIED') || isOciError(error, 'UNAUTHORIZED'));
}

async function askRepository({ label, hosting }: Place, repository: RepositoryName): Promise<boolean> {
  const detail = l10n.t(
    'A push does not make repositories in {0}. It gets the settings that new ones have there.',
    PROVIDER_TITLES[hosting?.kind ?? 'distribution'],
  );
  const create = l10n.t('Create Repository');
  return await confirm(l10n.t('{0} has no repository {1} yet. Create it?', label, repository), detail, create);
}

async function askProject({ label }: Place, repository: RepositoryName): Promise<boolean> {
  const [project = repository] = repository.split('/');
  const detail = l10n.t(
    'A push makes repositories there, but no project. If the project exists, your credentials do not allow the push.',
  );
  const create = l10n.t('Create Project');
  return await confirm(l10n.t('{0} has refused the push. Create the project {1}?', label, project), detail, create);
}

async function confirm(question: string, detail: string, yes: string): Promise<boolean> {
  return (await window.showInformationMessage(plainText(question), { modal: true, detail }, yes)) === yes;
}
