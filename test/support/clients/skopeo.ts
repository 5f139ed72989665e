import { type Client, type LayoutName, nameOf, type RemoteName, repositoryNameOf } from './client.ts';

/** Debian's skopeo. It may compress what it pushes, unless it is told that digests matter. */
export function skopeo(program: string): Client {
  const copy = (...args: readonly string[]) => ({
    program,
    // Without the signature policy that a machine may or may not have.
    args: ['--insecure-policy', 'copy', '--quiet', '--all', '--preserve-digests', ...args],
  });
  const layout = ({ path, tag }: LayoutName) => `oci:${path}:${tag}`;
  const remote = (name: RemoteName) => `docker://${nameOf(name)}`;
  return {
    name: 'skopeo',
    version: { program, args: ['--version'] },
    push: (from, to) => copy('--dest-tls-verify=false', layout(from), remote(to)),
    pull: (from, to) => copy('--src-tls-verify=false', remote(from), layout(to)),
    copy: (from, to) => copy('--src-tls-verify=false', '--dest-tls-verify=false', remote(from), remote(to)),
    inspect: (from) => ({ program, args: ['inspect', '--raw', '--tls-verify=false', remote(from)] }),
    listTags: (of) => ({ program, args: ['list-tags', '--tls-verify=false', `docker://${repositoryNameOf(of)}`] }),
    deleteTag: (tag) => ({ program, args: ['--insecure-policy', 'delete', '--tls-verify=false', remote(tag)] }),
  };
}
