import { describe, expect, it } from 'vitest';
import { rejectedDocuments } from '../support/rejectedDocuments.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace } from './support/workspace.ts';

describe('the command line', () => {
  it.each(rejectedDocuments)('refuses $file by code, path, line and sentence', async (document) => {
    const { file, path, code, problems } = document;
    await using workspace = await makeWorkspace();
    const args = file.endsWith('.json')
      ? ['push', '-a', path, '-r', 'layout:./out', '-t', 'v1.0.0']
      : ['list', '--config', path];
    const refused = await workspace.run(...args, '--json');
    expect([refused.code, refused.stdout]).toEqual([65, '']);
    const error = errorOf(refused);
    expect(error.code).toBe(code);
    if (code === 'INVALID_DOCUMENT') expect(error.details).toEqual({ file: path, problems });
    const { stderr } = await workspace.run(...args);
    for (const { path: place, line, message } of problems) {
      if (code === 'SECRET_IN_DOCUMENT') expect(stderr).toContain(place);
      if (message === undefined) continue;
      const where = line === undefined ? '' : `line ${line}: `;
      expect(stderr).toContain(`${where}${place === '' ? 'the document' : place} ${message}`);
    }
    // Nothing is made for what is refused.
    expect((await workspace.run('list', 'layout:./out')).code).toBe(3);
  });
});
