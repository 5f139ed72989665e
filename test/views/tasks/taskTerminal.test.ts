import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskTerminal } from '../../../src/views/tasks/taskTerminal.ts';
import { artifact, blob, emptyConfig, imageManifest, putGraph } from '../../support/artifacts.ts';
import { folders, Uri } from '../../support/vscode.ts';
import { artifactParts } from '../support/artifactParts.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'floe-oci-tasks-'));
  folders.open = [{ uri: Uri.file(folder), name: 'workspace' }];
  folders.isTrusted = true;
});
afterEach(async () => {
  folders.open = [];
  await rm(folder, { recursive: true });
});

function setUp() {
  const { parts, place } = artifactParts();
  const trees = { refreshPlace: () => {} };
  const run = async (definition: object, { inFolder = true, act = (_: TaskTerminal) => {} } = {}) => {
    const workspaceFolder = inFolder ? { uri: Uri.file(folder), name: 'workspace', index: 0 } : undefined;
    const task = { definition: { type: 'floe-oci', ...definition }, folder: workspaceFolder as never };
    const terminal = new TaskTerminal({ ...parts, trees: trees as never }, task);
    let text = '';
    terminal.onDidWrite((written) => {
      text += written;
    });
    const ended = new Promise<number>((resolve) => terminal.onDidClose(resolve));
    terminal.open();
    act(terminal);
    return { exit: await ended, text };
  };
  return { run, place };
}

describe('a task', () => {
  it('pushes a file and pulls it, and ends with 0', async () => {
    const { run } = setUp();
    await writeFile(path.join(folder, 'report.txt'), 'hello');
    const reference = 'oci://r.example/team/report:1.0.0';
    const pushed = await run({ command: 'push', reference, path: 'report.txt' });
    expect(pushed).toMatchObject({ exit: 0, text: expect.stringContaining(`Pushed ${reference}. sha256:`) });
    expect(pushed.text).toMatch(/^Pushing report\.txt to .*\r\n/);
    const pulled = await run({ command: 'pull', reference, path: 'out' });
    expect(pulled).toMatchObject({ exit: 0, text: expect.stringContaining(`Pulled ${reference}.`) });
    expect(await readFile(path.join(folder, 'out/report.txt'), 'utf8')).toBe('hello');
    expect((await run({ command: 'push', reference, path: 'report.txt' })).text).toContain('nothing was sent');
  });

  it('that cannot be done ends with 1 and says why', async () => {
    const { run } = setUp();
    const missing = await run({ command: 'pull', reference: 'oci://r.example/none:1', path: 'out' });
    expect(missing.exit).toBe(1);
    expect(missing.text).toContain('There is no');
    const secret = await run({ command: 'pull', reference: 'oci://me:hunter2@r.example/a:1', path: 'out' });
    expect(secret.exit).toBe(1);
    expect(secret.text).not.toContain('hunter2');
  });

  it.each([
    [{}, 'command'],
    [{ command: 'delete', reference: 'oci://r.example/a:1', path: 'x' }, 'command'],
    [{ command: 'push', path: 'x' }, 'reference'],
    [{ command: 'push', reference: 'oci://r.example/a:1', path: '' }, 'path'],
  ])('written as %j names what is wrong: %s', async (definition, part) => {
    const { run } = setUp();
    const { exit, text } = await run(definition);
    expect(exit).toBe(1);
    expect(text).toContain(`${part}:`);
  });

  it('of no folder needs an absolute path', async () => {
    const { run, place } = setUp();
    await putGraph(place.repository('a'), artifact(1), '1');
    const definition = { command: 'pull', reference: 'oci://r.example/a:1', path: 'out' };
    expect((await run(definition, { inFolder: false })).text).toContain('has to be absolute');
    expect((await run({ ...definition, path: path.join(folder, 'out') }, { inFolder: false })).exit).toBe(0);
  });

  it('is not done in a workspace that is not trusted', async () => {
    const { run, place } = setUp();
    folders.isTrusted = false;
    expect((await run({ command: 'pull', reference: 'oci://r.example/a:1', path: 'out' })).exit).toBe(1);
    expect(place.requests).toBe(0);
  });

  it('is cancelled by Ctrl+C', async () => {
    const { run, place } = setUp();
    await putGraph(place.repository('a'), artifact(1), '1');
    const definition = { command: 'pull', reference: 'oci://r.example/a:1', path: 'out' };
    const { exit, text } = await run(definition, { act: (terminal) => terminal.handleInput('\u0003') });
    expect(exit).toBe(130);
    expect(text).toContain('Cancelled');
  });

  it('shows names from a registry as text, whatever a terminal would make of them', async () => {
    const { run, place } = setUp();
    const content = blob('x', { title: 'a\u001b]0;owned\u0007b' });
    const root = imageManifest([content], {});
    await putGraph(place.repository('evil'), { root, contents: [emptyConfig, content, root] }, '1');
    const { text } = await run({ command: 'pull', reference: 'oci://r.example/evil:1', path: 'out' });
    expect(text.replaceAll('\r\n', '')).not.toMatch(/\p{Cc}/u);
  });
});
