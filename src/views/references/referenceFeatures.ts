import { type Disposable, languages, type TextDocument, workspace } from 'vscode';
import type { Look } from './referenceFacts.ts';

/** Where the rest is, when a document of these kinds is first looked at. */
type Load = () => Promise<typeof import('./referenceAssistance.ts')>;

const KINDS = [
  { kind: 'dockerfile', selector: [{ language: 'dockerfile' }, { pattern: '**/{Dockerfile,Containerfile}{,.*}' }] },
  {
    kind: 'yaml',
    selector: [
      ...['yaml', 'helm', 'dockercompose'].map((language) => ({ language })),
      { pattern: '**/{*.yaml,*.yml,Chart.lock}' },
    ],
  },
] as const;

/**
 * References in the user's own files that a click inspects and that say what they are. No request is sent for a link,
 * and for a hover only to registries that are connected.
 */
export function referenceFeatures(load: Load, look: Look): readonly Disposable[] {
  return KINDS.flatMap(({ kind, selector }) => [
    languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: async (document) => (isUsersOwn(document) ? (await load()).linksIn(document, kind) : []),
    }),
    languages.registerHoverProvider(selector, {
      provideHover: async (document, position, token) =>
        isUsersOwn(document) ? (await load()).hoverAt(document, position, token, { kind, look }) : undefined,
    }),
  ]);
}

function isUsersOwn({ uri: { scheme } }: TextDocument): boolean {
  return scheme === 'untitled' || workspace.fs.isWritableFileSystem(scheme) === true;
}
