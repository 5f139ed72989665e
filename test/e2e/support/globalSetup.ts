import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { prepareEditor } from '../../../scripts/editor/prepareEditor.ts';
import { cache } from '../../../scripts/lib/terminal.mjs';
import { build, pack } from '../../../scripts/package.mjs';

/** Makes ready what every scenario of one VS Code version needs. `FLOE_OCI_VSIX` names a package that is made already. */
export default async function globalSetup(project: TestProject): Promise<void> {
  const { editorVersion } = project.config.provide;
  if (editorVersion === undefined) throw new Error('vitest.e2e.config.ts names no VS Code version');
  await prepareEditor(editorVersion);
  project.provide('vsix', process.env['FLOE_OCI_VSIX'] ?? (await makePackage()));
}

async function makePackage(): Promise<string> {
  const file = path.join(cache, 'floe-oci.vsix');
  await build();
  await pack(file);
  return file;
}
