import { expect, it } from 'vitest';
import { getLanguageService, TextDocument } from 'vscode-json-languageservice';
import { manifestHints } from '../../scripts/build/manifestHints.mjs';

const service = getLanguageService({});
service.configure({ schemas: [{ uri: 'hints', fileMatch: ['*'], schema: manifestHints }] });

async function hoverOn(word: string, text: string): Promise<string> {
  const document = TextDocument.create('file:///a.manifest.json', 'json', 1, text);
  const json = service.parseJSONDocument(document);
  expect(await service.doValidation(document, json)).toEqual([]);
  const hover = await service.doHover(document, document.positionAt(text.indexOf(`"${word}"`) + 2), json);
  return JSON.stringify(hover?.contents);
}

it.each([
  ['layers', '{"layers":[]}', 'What the artifact consists of'],
  ['subject', '{"subject":{"digest":"x"}}', 'The manifest that this one is about'],
  ['digest', '{"subject":{"digest":"x"}}', 'The hash of the content'],
  ['variant', '{"manifests":[{"platform":{"variant":7}}]}', 'The variant of the processor'],
])('what "%s" is in a manifest is explained, and nothing about it is wrong', async (word, text, explained) => {
  expect(await hoverOn(word, text)).toContain(explained);
});
