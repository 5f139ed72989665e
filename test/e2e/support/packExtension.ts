import path from 'node:path';
import { root, runQuietly } from '../../../scripts/lib/terminal.mjs';

/** Packs an extension that is no part of the product, and stands as it is in its folder. */
export async function packExtension(folder: string, vsix: string): Promise<void> {
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', vsix];
  await runQuietly(process.execPath, [vsce, ...args], { cwd: folder });
}
