// `npm run docs`: writes what is made from the code: pages, and the list of texts to translate.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { main, root, say } from './lib/terminal.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp({ script: import.meta.url });
  Object.assign(globalThis, { FLOE_OCI_VERSION: '0' });
  const { commandLinePage } = await import('./docs/commandLinePage.ts');
  const { localizableTexts } = await import('./docs/localizableTexts.ts');
  const { scenariosPage } = await import('./docs/scenariosPage.ts');
  const { settingsPage } = await import('./docs/settingsPage.ts');
  const pages = {
    'docs/command-line.md': commandLinePage(),
    'docs/settings.md': settingsPage(),
    'l10n/bundle.l10n.json': await localizableTexts(path.join(root, 'src')),
    'test/e2e/README.md': scenariosPage(path.join(root, 'test/e2e')),
  };
  for (const [name, text] of Object.entries(pages)) {
    writeFileSync(path.join(root, name), text);
    say(name);
  }
});
