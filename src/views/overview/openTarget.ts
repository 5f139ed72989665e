import { commands, env, Range, type TextDocument, window, workspace } from 'vscode';
import { documentUri } from '../documentUri.ts';
import { modelRange } from './modelRange.ts';
import { OVERVIEW_EDITOR } from './overviewEditors.ts';
import type { Subject } from './relations.ts';
import type { Target } from './targets.ts';

/** Does what a click in an overview stands for. */
export async function openTarget(target: Target, { address, descriptor: manifest }: Subject): Promise<void> {
  const { place, repository, tag } = address;
  const common = { place, repository, ...(tag === undefined ? {} : { tag }) };
  switch (target.kind) {
    case 'copy':
      return await env.clipboard.writeText(target.text);
    case 'manifest': {
      const uri = documentUri({ ...common, role: 'manifest', descriptor: manifest });
      await window.showTextDocument(uri, { preview: false });
      return;
    }
    case 'overview': {
      const uri = documentUri({ place, repository, role: 'manifest', descriptor: target.descriptor });
      return await commands.executeCommand('vscode.openWith', uri, OVERVIEW_EDITOR);
    }
    case 'blob': {
      const { role, descriptor } = target;
      const uri = documentUri({ ...common, role, descriptor, manifest: manifest.digest });
      return await commands.executeCommand('vscode.open', uri);
    }
    case 'model':
      return await openModel(target, { ...common, manifest: manifest.digest });
  }
}

/** The exact document, or laid out on lines of its own where it is one long line, with the model selected. */
async function openModel(
  { layer: descriptor, position }: Extract<Target, { readonly kind: 'model' }>,
  source: Omit<Parameters<typeof documentUri>[0], 'role' | 'descriptor'>,
): Promise<void> {
  const open = (isIndented: boolean): Thenable<TextDocument> =>
    workspace.openTextDocument(documentUri({ ...source, role: 'layer', descriptor, isIndented }));
  const exact = await open(false);
  const document = exact.lineCount > 1 ? exact : await open(true);
  const range = modelRange(document.getText(), position);
  const selection = range && new Range(document.positionAt(range.start), document.positionAt(range.end));
  await window.showTextDocument(document, { preview: true, ...(selection && { selection }) });
}
