import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CliIo } from './io.ts';

/** Asks the person at the terminal. Ctrl+C and the end of the input are no answer, and `signal` ends the waiting. */
export function createPrompt(signal: AbortSignal): Required<Pick<CliIo, 'ask' | 'confirm'>> {
  const ask = async (question: string, isHidden: boolean): Promise<string | undefined> => {
    // Only as a terminal can readline hide what is typed, and otherwise it must not: it would take Ctrl+C for itself.
    const output = isHidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
    const prompt = createInterface({ input: process.stdin, output, terminal: isHidden });
    prompt.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const closed = new Promise<undefined>((resolve) => prompt.once('close', () => resolve(undefined)));
    if (isHidden) process.stderr.write(question);
    try {
      const asked = prompt.question(isHidden ? '' : question, { signal }).catch(() => undefined);
      return await Promise.race([asked, closed]);
    } finally {
      prompt.close();
      if (isHidden) process.stderr.write('\n');
    }
  };
  return {
    ask: (question, { isHidden }) => ask(question, isHidden),
    // Everything but a yes is a no.
    confirm: async (question) => /^y(es)?$/i.test((await ask(`${question} [y/N] `, false))?.trim() ?? ''),
  };
}
