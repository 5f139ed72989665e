import { cancelled, throwIfAborted } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import type { CliIo } from './io.ts';

/** Bytes. The longest tokens of clouds have some kilobytes. */
const MAX_PASSWORD = 64 * 1024;

/**
 * The password on standard input, without the line break at its end.
 * @throws CliError WRONG_USAGE when there is none
 */
export async function passwordFromStdin({ stdin, signal }: CliIo): Promise<string> {
  throwIfAborted(signal);
  const { promise: left, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(cancelled()), { once: true });
  const bytes = await Promise.race([collect(stdin ?? []), left]);
  const password = bytes.toString('utf8').replace(/\r?\n$/, '');
  if (bytes.length <= MAX_PASSWORD && password !== '') return password;
  const what = password === '' ? 'no password' : 'more than a password';
  throw wrongUsage(`There is ${what} on standard input.`, 'Pipe the password in, and nothing else.');
}

/** A little more than a password at most. */
async function collect(input: NonNullable<CliIo['stdin']> | readonly Uint8Array[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > MAX_PASSWORD) break;
  }
  return Buffer.concat(chunks);
}

/**
 * What a person answers, who must answer something.
 * @throws CliError WRONG_USAGE where nobody can be asked, OciError CANCELLED when nobody answers
 */
export async function askPerson({ ask, signal }: CliIo, question: string, isHidden: boolean): Promise<string> {
  if (ask === undefined) {
    throw wrongUsage(
      'There is no terminal to ask for the password on.',
      'Give -u USER and --password-stdin, and pipe the password in.',
    );
  }
  const answer = await ask(question, { isHidden });
  throwIfAborted(signal);
  if (answer === undefined || answer === '') throw cancelled();
  return answer;
}
