import { type Client, nameOf, repositoryNameOf } from './client.ts';

/** The command line of go-containerregistry. It speaks http to loopback hosts unasked. */
export function crane(program: string): Client {
  return {
    name: 'crane',
    version: { program, args: ['version'] },
    // A layout of one root: it takes whatever is in the index.
    push: (from, to) => ({ program, args: ['push', from.path, nameOf(to)] }),
    pull: (from, to) => ({ program, args: ['pull', '--format', 'oci', nameOf(from), to.path] }),
    copy: (from, to) => ({ program, args: ['copy', nameOf(from), nameOf(to)] }),
    inspect: (from) => ({ program, args: ['manifest', nameOf(from)] }),
    listTags: (of) => ({ program, args: ['ls', repositoryNameOf(of)] }),
    deleteTag: (tag) => ({ program, args: ['delete', nameOf(tag)] }),
  };
}
