import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';

/** l10n/bundle.l10n.json: every text that the code gives to `l10n.t`, in the order of the alphabet. */
export async function localizableTexts(src: string): Promise<string> {
  const views = readdirSync(path.join(src, 'views'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(src, 'views', file));
  const files = [path.join(src, 'extension.ts'), ...views];
  const texts = await getL10nJson(files.map((file) => ({ extension: '.ts', contents: readFileSync(file, 'utf8') })));
  const sorted = Object.entries(texts).sort(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}
