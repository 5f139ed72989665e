import { describe, expect, it } from 'vitest';
import { TransferMeter } from '../../../src/views/transfers/meter.ts';
import { blob } from '../../support/artifacts.ts';

const [{ descriptor: small }, { descriptor: large }] = [blob(1, { size: 1000 }), blob(2, { size: 9000 })];

it('counts contents and bytes of what is known so far', () => {
  const meter = new TransferMeter();
  meter.count({ kind: 'started', descriptor: small });
  meter.count({ kind: 'started', descriptor: large });
  meter.count({ kind: 'progress', descriptor: large, bytes: 4500 });
  meter.count({ kind: 'finished', descriptor: small, outcome: 'existed' });
  expect(meter.message).toBe('1 of 2 blobs · 5.5 kB of 10 kB');
});

it('goes back when content is sent again, but the bar does not', () => {
  const meter = new TransferMeter();
  meter.count({ kind: 'progress', descriptor: large, bytes: 9000 });
  expect(meter.takeIncrement()).toBe(100);
  meter.count({ kind: 'progress', descriptor: large, bytes: 900 });
  expect(meter.message).toBe('0 of 1 blobs · 900 B of 9 kB');
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

describe('the speed', () => {
  it('is that of the last seconds, and tells how long the rest takes', () => {
    const meter = new TransferMeter();
    meter.sample(0);
    meter.count({ kind: 'progress', descriptor: large, bytes: 3000 });
    meter.sample(3_000);
    expect(meter.bytesPerSecond).toBe(1000);
    expect(meter.message).toBe('0 of 1 blobs · 3 kB of 9 kB · 1 kB/s · 6 s left');
    meter.sample(7_000);
    meter.sample(9_000);
    expect(meter.bytesPerSecond).toBe(0);
    expect(meter.message).toBe('0 of 1 blobs · 3 kB of 9 kB · 0 B/s');
  });

  it('does not count what the destination had', () => {
    const meter = new TransferMeter();
    meter.sample(0);
    meter.count({ kind: 'started', descriptor: large });
    meter.count({ kind: 'finished', descriptor: large, outcome: 'mounted' });
    meter.sample(2_000);
    expect(meter.bytesPerSecond).toBe(0);
    expect(meter.doneBytes).toBe(9000);
  });

  it('is not told before there was time to measure it', () => {
    const meter = new TransferMeter();
    meter.sample(0);
    meter.count({ kind: 'progress', descriptor: large, bytes: 3000 });
    meter.sample(500);
    expect(meter.bytesPerSecond).toBeUndefined();
  });
});
