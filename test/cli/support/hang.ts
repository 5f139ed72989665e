import { open } from 'node:fs/promises';
import { abortAtSignal } from '../../../src/cli/interruption.ts';

/** A command that does not end when it is told to: with a pipe that nobody writes to, in the middle of a call of the system. */
const [pipe] = process.argv.slice(2);
const signal = abortAtSignal();
signal.addEventListener('abort', () => console.log('aborted'));
if (pipe === undefined) setInterval(() => {}, 60_000);
else void open(pipe);
console.log('ready');
