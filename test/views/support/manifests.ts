import { ManifestRegistries } from '../../../src/views/manifestRegistries.ts';
import { WorkspaceManifests } from '../../../src/views/workspaceManifests.ts';
import { folders, Uri } from '../../support/vscode.ts';
import { MemoryState } from './state.ts';

/** Opens folders, each with its manifest.yaml if it has one. */
export function openFolders(manifests: Readonly<Record<string, string | undefined>>): void {
  folders.open = Object.keys(manifests).map((name) => ({ name, uri: Uri.file(`/projects/${name}`) }));
  folders.files.clear();
  folders.isTrusted = true;
  for (const [name, text] of Object.entries(manifests)) {
    if (text !== undefined) folders.files.set(`/projects/${name}/manifest.yaml`, text);
  }
}

/** A manifest.yaml for a repository, with further lines of its section `registry`. */
export function manifestOf(uri: string, auth = 'type: anonymous', ...more: readonly string[]): string {
  return [
    'apiVersion: floe.dev/v1',
    'artifacts:',
    '  registry:',
    ...[`uri: oci://${uri}`, `auth: { ${auth} }`, ...more].map((line) => `    ${line}`),
  ].join('\n');
}

export interface ManifestWindow {
  readonly state?: MemoryState;
  readonly connected?: readonly string[];
}

/** The manifest.yaml files of the open folders, as a window sees them. */
export async function manifestsIn({ state = new MemoryState(), connected = [] }: ManifestWindow = {}) {
  const files = new WorkspaceManifests();
  const manifests = new ManifestRegistries({
    manifests: files,
    state,
    isTrusted: () => folders.isTrusted,
    isConnected: (registry) => connected.includes(registry),
  });
  await files.start();
  return { files, manifests, state };
}
