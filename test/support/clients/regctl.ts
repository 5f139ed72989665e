import { type Client, type LayoutName, nameOf, type RemoteName, repositoryNameOf } from './client.ts';

/** The command line of regclient. */
export function regctl(program: string): Client {
  const run = ({ host }: RemoteName, ...args: readonly string[]) => ({
    program,
    args: [...args, '--host', `reg=${host},tls=disabled`],
  });
  const layout = ({ path, tag }: LayoutName) => `ocidir://${path}:${tag}`;
  return {
    name: 'regctl',
    version: { program, args: ['version'] },
    push: (from, to) => run(to, 'image', 'copy', layout(from), nameOf(to)),
    pull: (from, to) => run(from, 'image', 'copy', nameOf(from), layout(to)),
    copy: (from, to) => run(from, 'image', 'copy', nameOf(from), nameOf(to)),
    pushFiles: (files, to, artifactType) => ({
      ...run(
        to,
        ...['artifact', 'put', '--artifact-type', artifactType, '--file-title', nameOf(to)],
        ...files.flatMap(({ name }) => ['--file', name, '--file-media-type', 'application/octet-stream']),
      ),
      ...(files[0] && { cwd: files[0].folder }),
    }),
    pullFiles: (from, folder) => run(from, 'artifact', 'get', '--output', folder, nameOf(from)),
    inspect: (from) => run(from, 'manifest', 'get', '--format', 'raw-body', nameOf(from)),
    attach: ({ folder, name }, to, artifactType) => ({
      ...run(
        to,
        ...['artifact', 'put', '--artifact-type', artifactType, '--subject', nameOf(to), '--file-title'],
        ...['--file', name, '--file-media-type', 'application/octet-stream'],
      ),
      cwd: folder,
    }),
    referrers: (of) => run(of, 'artifact', 'list', '--format', '{{jsonPretty .}}', nameOf(of)),
    listTags: (of) => run(of, 'tag', 'list', repositoryNameOf(of)),
    deleteTag: (tag) => run(tag, 'tag', 'delete', nameOf(tag)),
  };
}
