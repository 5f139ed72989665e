import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Row } from './row.ts';

const STATES = {
  leaf: TreeItemCollapsibleState.None,
  folded: TreeItemCollapsibleState.Collapsed,
  unfolded: TreeItemCollapsibleState.Expanded,
} as const;

/** A row as the view takes it. @param id stable, so that a row stays selected and unfolded when it is read again */
export function itemOfRow(id: string, row: Row): TreeItem {
  const item = new TreeItem(row.label, STATES[row.state]);
  item.id = id;
  item.iconPath = new ThemeIcon(row.icon, row.iconColor === undefined ? undefined : new ThemeColor(row.iconColor));
  item.contextValue = row.flags.join(';');
  item.accessibilityInformation = { label: row.spoken };
  if (row.description !== undefined) item.description = row.description;
  if (row.tooltip !== undefined) item.tooltip = row.tooltip;
  if (row.command !== undefined) item.command = row.command;
  if (row.resourceUri !== undefined) item.resourceUri = row.resourceUri;
  return item;
}
