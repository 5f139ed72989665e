import { type Disposable, workspace } from 'vscode';
import { setContextKey } from '../contextKeys.ts';
import type { RegistryAccess } from './registryAccess.ts';
import type { WindowViews } from './windowViews.ts';
import type { WorkbenchOptions } from './workbenchOptions.ts';

/** Keeps what is shown, and how registries are asked, as settings, credentials and files are by now. */
export function followChanges(
  { settings, contributions, registriesView }: WorkbenchOptions,
  access: RegistryAccess,
  { trees }: WindowViews,
): readonly Disposable[] {
  const { signIns, files, manifests, states, capabilities, registries } = access;
  const { interruptions, secrets, accounts, uses, references } = signIns;
  const reread = (): void => {
    trees.registries.reread();
    setContextKey('floeOci.connected', registries.all().length > 0);
  };
  const reconnect = (): void => {
    access.reset();
    reread();
  };
  const redraw = (registry: string): void => trees.redraw(registry);
  return [
    secrets.onDidChange(reconnect),
    accounts.onDidChange(reconnect),
    references.onDidChange(reconnect),
    settings.onDidChangeConnections(reconnect),
    contributions.onDidChangeCredentials(reconnect),
    workspace.onDidGrantWorkspaceTrust(reconnect),
    // Somebody else may have written it: what follows is nothing the user has asked for.
    files.onDidChange(() => interruptions.forbid()),
    manifests.onDidChange(reconnect),
    settings.onDidChangeRegistries(reread),
    contributions.onDidChangeLooks(() => trees.redrawAll()),
    uses.onDidChange(redraw),
    states.onDidChange(redraw),
    capabilities.onDidChange(redraw),
    registriesView.widget.onDidExpandElement(() => interruptions.allow()),
  ];
}
