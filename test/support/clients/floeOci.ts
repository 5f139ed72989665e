import { type Client, type LayoutName, nameOf, type RemoteName, repositoryNameOf } from './client.ts';

/** This project's own command line, in the file that `npm run build` writes. What a client keeps is not to help here. */
export function floeOci(cli: string): Client {
  const run = (...args: readonly string[]) => ({ program: process.execPath, args: [cli, ...args, '--no-cache'] });
  const layout = ({ path, tag }: LayoutName) => `layout:${path}:${tag}`;
  const remote = (name: RemoteName) => `oci://${nameOf(name)}`;
  return {
    name: 'floe-oci',
    version: { program: process.execPath, args: [cli, '--version'] },
    push: (from, to) => run('copy', layout(from), remote(to)),
    pull: (from, to) => run('copy', remote(from), layout(to)),
    copy: (from, to) => run('copy', remote(from), remote(to)),
    pushFiles: (files, to, artifactType) => ({
      ...run('push', remote(to), ...files.map(({ name }) => name), '--artifact-type', artifactType),
      ...(files[0] && { cwd: files[0].folder }),
    }),
    pullFiles: (from, folder) => run('pull', remote(from), '-o', folder),
    inspect: (from) => run('inspect', remote(from), '--raw'),
    attach: ({ folder, name }, to, artifactType) => ({
      ...run('attach', remote(to), name, '--artifact-type', artifactType),
      cwd: folder,
    }),
    referrers: (of) => run('referrers', remote(of), '--json'),
    listTags: (of) => run('list', `oci://${repositoryNameOf(of)}`),
    deleteTag: (tag) => run('delete', remote(tag), '--yes'),
  };
}
