import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededBytes } from '../../support/artifacts.ts';
import type { Client, RemoteName } from '../../support/clients/index.ts';
import type { Findings } from '../matrix.test.ts';
import { messageOf, type Outcome, TAG } from './exchange.ts';
import { folderIn, runCommand } from './runCommand.ts';

const FILES = {
  'model.bin': seededBytes(20, 300_000),
  'notes.txt': Buffer.from('ä note\n'),
  'empty.txt': Buffer.alloc(0),
};

/** Each client makes an artifact of files, in its own way, and all of them write its files back to the disk. */
export async function exchangeFiles(clients: readonly Client[], host: string, home: string): Promise<Findings> {
  const folder = folderIn(home, 'files');
  for (const [name, bytes] of Object.entries(FILES)) await writeFile(join(folder, name), bytes);
  const files = Object.keys(FILES).map((name) => ({ folder, name }));
  const findings: { writer: string; reader: string; outcome: Outcome }[] = [];
  for (const writer of clients) {
    const remote: RemoteName = { host, repository: `team/files-of-${writer.name}`, reference: TAG };
    const push = writer.pushFiles?.(files, remote, 'application/vnd.example.files.v1');
    const written = push === undefined ? 'none' : await runCommand(push, home).then(() => 'same', messageOf);
    for (const reader of clients) {
      const outcome = written === 'same' ? await readFiles(reader, remote, home) : written;
      findings.push({ writer: writer.name, reader: reader.name, outcome });
    }
  }
  return findings;
}

async function readFiles(client: Client, from: RemoteName, home: string): Promise<Outcome> {
  const folder = folderIn(home, 'pulled');
  const pull = client.pullFiles?.(from, folder);
  try {
    if (pull === undefined) return 'none';
    await runCommand(pull, home);
    for (const [name, bytes] of Object.entries(FILES)) {
      const found = await readFile(join(folder, name)).catch(() => undefined);
      if (!found?.equals(bytes)) return `${name} is ${found === undefined ? 'missing' : 'another'}`;
    }
    return 'same';
  } catch (error) {
    return messageOf(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
