import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createOutput, OutputClosed } from '../../src/cli/output.ts';
import { collector } from './support/runCli.ts';

describe('results', () => {
  it('line up as a table without spaces at the end of a line', async () => {
    const { stream, content } = collector();
    await createOutput(stream).table(
      ['TAG', 'SIZE'],
      [
        ['latest', '1 B'],
        ['v1', '12 kB\u001b[2J'],
      ],
    );
    expect(content().toString()).toBe('TAG     SIZE\nlatest  1 B\nv1      12 kB\\u{1b}[2J\n');
  });

  it('are written as exact bytes when they are content', async () => {
    const { stream, content } = collector();
    await createOutput(stream).bytes(Buffer.from([0, 27, 255, 10]));
    expect([...content()]).toEqual([0, 27, 255, 10]);
  });

  it('are made visible when they are content and go to a terminal', async () => {
    const { stream, content } = collector();
    await createOutput(Object.assign(stream, { isTTY: true })).bytes(Buffer.from('{\n\t"a": "\u001b[2J\u202e"\n}\n'));
    expect(content().toString()).toBe('{\n\t"a": "\\u{1b}[2J\\u{202e}"\n}\n');
  });

  it('end quietly when nobody reads any more', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    stream.on('error', () => {});
    await expect(createOutput(stream).line('x')).rejects.toBeInstanceOf(OutputClosed);
  });

  it('fail when they cannot be stored', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
    });
    stream.on('error', () => {});
    await expect(createOutput(stream).line('x')).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
  });
});
