import { type Disposable, l10n, MarkdownString, StatusBarAlignment, ThemeColor, type TreeView, window } from 'vscode';
import { describeState, explainState, type HostStates, type TroubledHost } from './hostStates.ts';

/** Registries that are paused or do not answer: in the status bar, and as a badge on the view, for as long as it lasts. */
export function showAvailability(
  states: Pick<HostStates, 'all' | 'onDidChange'>,
  view: Pick<TreeView<unknown>, 'badge'>,
): Disposable {
  const item = window.createStatusBarItem('floeOci.availability', StatusBarAlignment.Left);
  item.name = l10n.t('Floe OCI: Registries Not Available');
  const show = (): void => {
    const hosts = states.all;
    view.badge = badgeOf(hosts);
    if (hosts.length === 0) item.hide();
    else draw(hosts);
  };
  const draw = (hosts: readonly TroubledHost[]): void => {
    const isPause = hosts.every(({ state }) => state.kind === 'paused');
    item.text = `$(${isPause ? 'debug-pause' : 'warning'}) ${textOf(hosts)}`;
    item.tooltip = tooltipOf(hosts);
    item.accessibilityInformation = { label: hosts.map(explainState).join(' '), role: 'button' };
    item.command = { title: l10n.t('Show'), command: 'floeOci.showUnavailable', arguments: [hosts[0]?.host] };
    const color = isPause ? undefined : new ThemeColor('statusBarItem.warningBackground');
    Object.assign(item, { backgroundColor: color });
    item.show();
  };
  show();
  const subscription = states.onDidChange(show);
  return {
    dispose: () => {
      subscription.dispose();
      item.dispose();
    },
  };
}

function badgeOf(hosts: readonly TroubledHost[]): { value: number; tooltip: string } | undefined {
  return hosts.length === 0 ? undefined : { value: hosts.length, tooltip: hosts.map(explainState).join('\n') };
}

function textOf(hosts: readonly TroubledHost[]): string {
  const [only, another] = hosts;
  if (only === undefined || another !== undefined) return l10n.t('{0} registries are not available', hosts.length);
  return `${only.host} ${describeState(only.state)}`;
}

function tooltipOf(hosts: readonly TroubledHost[]): MarkdownString {
  const text = new MarkdownString();
  for (const host of hosts) text.appendText(explainState(host)).appendMarkdown('\n\n');
  return text;
}
