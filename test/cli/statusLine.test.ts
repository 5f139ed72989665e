import { describe, expect, it } from 'vitest';
import { createStatusLine } from '../../src/cli/statusLine.ts';
import { collector } from './support/runCli.ts';

const ERASE = '\r\u001b[2K';

function terminal(columns: number) {
  const { stream, content } = collector();
  return { stderr: Object.assign(stream, { isTTY: true, columns }), text: () => content().toString() };
}

describe('the status line', () => {
  it('is redrawn in place, and below what is printed', () => {
    const { stderr, text } = terminal(80);
    const status = createStatusLine(stderr, { draw: true });
    status.show('one');
    status.show('one');
    status.print('a line');
    status.clear();
    status.clear();
    expect(text()).toBe(`${ERASE}one${ERASE}a line\n${ERASE}one${ERASE}`);
  });

  it('never wraps', () => {
    const { stderr, text } = terminal(10);
    createStatusLine(stderr, { draw: true }).show('x'.repeat(50));
    expect(text()).toBe(ERASE + 'x'.repeat(9));
    const unknown = terminal(0);
    createStatusLine(unknown.stderr, { draw: true }).show('x'.repeat(100));
    expect(unknown.text()).toBe(ERASE + 'x'.repeat(79));
  });

  it('is not drawn where there is no terminal, nor where it is not wanted', () => {
    const { stream, content } = collector();
    const unwanted = terminal(80);
    createStatusLine(stream, { draw: true }).show('one');
    createStatusLine(unwanted.stderr, { draw: false }).show('one');
    expect(content().toString() + unwanted.text()).toBe('');
  });
});
