import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { installExtension } from '../../../scripts/editor/editorServer.ts';
import { prepareEditor } from '../../../scripts/editor/prepareEditor.ts';
import { cache } from '../../../scripts/lib/terminal.mjs';
import { build, pack } from '../../../scripts/package.mjs';

/**
 * Makes ready what every scenario of one VS Code version needs: the editor, and the extension installed into it once, which takes
 * as long as starting it. `FLOE_OCI_VSIX` names a package that is made already.
 */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  const { editorVersion } = project.config.provide;
  if (editorVersion === undefined) throw new Error('vitest.e2e.config.ts names no VS Code version');
  const editor = await prepareEditor(editorVersion);
  const home = await mkdtemp(path.join(os.tmpdir(), 'floe-oci-e2e-installed-'));
  await installExtension(editor, home, process.env['FLOE_OCI_VSIX'] ?? (await makePackage()));
  project.provide('installed', path.join(home, 'extensions'));
  project.provide('compiled', path.join(home, 'compiled'));
  return () => rm(home, { recursive: true, force: true, maxRetries: 5 });
}

async function makePackage(): Promise<string> {
  const file = path.join(cache, 'floe-oci.vsix');
  await build();
  await pack(file);
  return file;
}
