import { join } from 'node:path';
import { type Client, nameOf } from './client.ts';

/** The Python library of the ORAS project, which has no command line: a script of ours gives it one. */
export function orasPy(python: string): Client {
  const script = join(import.meta.dirname, 'orasPy.py');
  const run = (...args: readonly string[]) => ({ program: python, args: [script, ...args] });
  return {
    name: 'oras-py',
    version: run('version'),
    push: (from, to) => run('push-layout', from.path, from.tag, nameOf(to)),
    pull: (from, to) => run('pull-layout', nameOf(from), to.path, to.tag),
    pushFiles: (files, to) => ({
      ...run('push', nameOf(to), ...files.map(({ name }) => name)),
      ...(files[0] && { cwd: files[0].folder }),
    }),
    pullFiles: (from, folder) => run('pull', nameOf(from), folder),
    attach: ({ folder, name }, to) => ({ ...run('attach', nameOf(to), name), cwd: folder }),
    listTags: (of) => run('tags', nameOf(of)),
    deleteTag: (tag) => run('delete', nameOf(tag)),
  };
}
