import type { MirrorParts } from '../../../src/views/commands/startMirror.ts';
import type { Job } from '../../../src/views/transfers/transfer.ts';
import { artifactParts } from './artifactParts.ts';

/** What commands that move content work with, each transfer done at once; and what was reported. */
export function transferParts() {
  const { parts, place, ...rest } = artifactParts();
  const reports: string[] = [];
  const titles: string[] = [];
  const start = async <T>({ title, run, done }: Job<T>): Promise<void> => {
    titles.push(title);
    await done(await run({ signal: new AbortController().signal, onEvent: () => {} }));
  };
  const made = {
    ...parts,
    presenter: { attempt: async <T>(_action: string, step: () => Promise<T>) => await step() },
    transfers: { start },
    reports: { open: async (name: string, text: string) => void reports.push(`${name}\n${text}`) },
    trees: { reveal: async () => true },
  } as unknown as MirrorParts;
  return { ...rest, place, parts: made, reports, titles };
}
