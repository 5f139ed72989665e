import { expect, it } from 'vitest';
import { TransferMeter } from '../../src/views/commands/transferProgress.ts';
import { blob } from '../support/artifacts.ts';

const [{ descriptor: small }, { descriptor: large }] = [blob(1, { size: 1000 }), blob(2, { size: 9000 })];

it('counts contents and bytes of what is known so far', () => {
  const meter = new TransferMeter();
  meter.count({ kind: 'started', descriptor: small });
  meter.count({ kind: 'started', descriptor: large });
  meter.count({ kind: 'progress', descriptor: large, bytes: 4500 });
  meter.count({ kind: 'finished', descriptor: small, outcome: 'existed' });
  expect(meter.message).toBe('1 of 2 · 5.5 kB of 10 kB');
});

it('goes back when content is sent again, but the bar does not', () => {
  const meter = new TransferMeter();
  meter.count({ kind: 'progress', descriptor: large, bytes: 9000 });
  expect(meter.takeIncrement()).toBe(100);
  meter.count({ kind: 'progress', descriptor: large, bytes: 900 });
  expect(meter.message).toBe('0 of 1 · 900 B of 9 kB');
  expect(meter.takeIncrement()).toBe(0);
});

it('adds up to a hundred', () => {
  const meter = new TransferMeter();
  let total = 0;
  for (const descriptor of [small, large]) {
    meter.count({ kind: 'started', descriptor });
    total += meter.takeIncrement();
  }
  for (let bytes = 0; bytes <= 9000; bytes += 1000) {
    meter.count({ kind: 'progress', descriptor: large, bytes });
    total += meter.takeIncrement();
  }
  meter.count({ kind: 'finished', descriptor: small, outcome: 'written' });
  meter.count({ kind: 'finished', descriptor: large, outcome: 'written' });
  expect(total + meter.takeIncrement()).toBe(100);
});

it('says nothing is done when nothing is known', () => {
  expect(new TransferMeter().takeIncrement()).toBe(0);
});
