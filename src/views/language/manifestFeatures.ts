import { CodeActionKind, type Disposable, languages } from 'vscode';

type Load = () => Promise<typeof import('./manifestAssistance.ts')>;

const SELECTOR = { pattern: '**/manifest.yaml' };

/**
 * Help in writing `artifacts.registry` of a manifest.yaml: proposals, explanations, and fixes for what documents of floe
 * show and its schema refuses. Other parts of the file, and files of others that have the name, are left alone.
 *
 * @param load where the help is, when it is first wanted
 */
export function manifestFeatures(load: Load): readonly Disposable[] {
  const kinds = { providedCodeActionKinds: [CodeActionKind.QuickFix] };
  return [
    languages.registerCompletionItemProvider(
      SELECTOR,
      { provideCompletionItems: async (document, position) => (await load()).completionsAt(document, position) },
      ' ',
    ),
    languages.registerHoverProvider(SELECTOR, {
      provideHover: async (document, position) => (await load()).hoverAt(document, position),
    }),
    languages.registerCodeActionsProvider(
      SELECTOR,
      {
        provideCodeActions: async (document, _range, { diagnostics }) => (await load()).fixesFor(document, diagnostics),
      },
      kinds,
    ),
  ];
}
