import { type Client, nameOf, repositoryNameOf } from './client.ts';

/** The command line of the ORAS project. */
export function oras(program: string): Client {
  const run = (...args: readonly string[]) => ({ program, args: [...args, '--no-tty'] });
  return {
    name: 'oras',
    version: { program, args: ['version'] },
    push: (from, to) => run('cp', '--from-oci-layout', '--to-plain-http', `${from.path}:${from.tag}`, nameOf(to)),
    pull: (from, to) => run('cp', '--from-plain-http', '--to-oci-layout', nameOf(from), `${to.path}:${to.tag}`),
    copy: (from, to) => run('cp', '--from-plain-http', '--to-plain-http', nameOf(from), nameOf(to)),
    pushFiles: (files, to, artifactType) => ({
      ...run('push', '--plain-http', '--artifact-type', artifactType, nameOf(to), ...files.map(({ name }) => name)),
      ...(files[0] && { cwd: files[0].folder }),
    }),
    pullFiles: (from, folder) => run('pull', '--plain-http', '--output', folder, nameOf(from)),
    inspect: (from) => ({ program, args: ['manifest', 'fetch', '--plain-http', nameOf(from)] }),
    attach: ({ folder, name }, to, artifactType) => ({
      ...run('attach', '--plain-http', '--artifact-type', artifactType, nameOf(to), name),
      cwd: folder,
    }),
    referrers: (of) => run('discover', '--plain-http', '--format', 'json', nameOf(of)),
    listTags: (of) => ({ program, args: ['repo', 'tags', '--plain-http', repositoryNameOf(of)] }),
    deleteTag: (tag) => ({ program, args: ['manifest', 'delete', '--plain-http', '--force', nameOf(tag)] }),
  };
}
