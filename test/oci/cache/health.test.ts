import { describe, expect, it } from 'vitest';
import { Health } from '../../../src/oci/cache/health.ts';
import { OciError } from '../../../src/oci/errors.ts';
import { type LogFields, silentLogger } from '../../../src/oci/telemetry/logger.ts';
import { failure } from '../../support/failure.ts';

const MINUTE = 60_000;

function healthOf() {
  const said: string[] = [];
  const clock = { now: 1_000_000 };
  const logger = {
    ...silentLogger,
    warn: (event: string, facts: LogFields = {}) => {
      said.push(`warn ${event} ${JSON.stringify(facts)}`);
    },
    debug: (event: string) => {
      said.push(`debug ${event}`);
    },
  };
  let tried = 0;
  const full = async (): Promise<string> => {
    tried += 1;
    throw new OciError('FILE_NOT_WRITABLE', 'full', { path: '/cache', reason: 'ENOSPC' });
  };
  return { health: new Health('/cache', logger, () => clock.now), said, clock, full, tried: () => tried };
}

describe('trouble with the folder of a cache', () => {
  it('is said once, and then to those who look closely', async () => {
    const { health, said, full } = healthOf();
    expect(await health.attempt(full)).toBeUndefined();
    expect(await health.attempt(full)).toBeUndefined();
    expect(await health.attempt(async () => 'fine')).toBe('fine');
    expect(said).toEqual(['warn cache_unusable {"path":"/cache","reason":"full"}', 'debug cache_unusable']);
  });

  it('keeps what is written away for five minutes, and what is read not', async () => {
    const { health, clock, full, tried } = healthOf();
    expect(await health.write(full)).toBeUndefined();
    clock.now += 5 * MINUTE - 1;
    expect(await health.write(full)).toBeUndefined();
    expect(tried()).toBe(1);
    expect(await health.attempt(async () => 'read')).toBe('read');
    clock.now += 1;
    expect(await health.write(async () => 'written')).toBe('written');
  });

  it('is not waited out for ever when the clock is set back', async () => {
    const { health, clock, full } = healthOf();
    await health.write(full);
    expect(await health.write(async () => 'written')).toBeUndefined();
    clock.now -= 1;
    expect(await health.write(async () => 'written')).toBe('written');
  });

  it.each(['attempt', 'write'] as const)('is not what else goes wrong in %s', async (how) => {
    const { health, said } = healthOf();
    const gone = async (): Promise<never> => {
      throw new OciError('NOT_FOUND', 'no', { kind: 'blob', what: 'it' });
    };
    await expect(health[how](gone)).rejects.toEqual(failure('NOT_FOUND'));
    expect(said).toEqual([]);
    expect(await health.write(async () => 'written')).toBe('written');
    expect(await health[how](() => Promise.reject(new Error('of the system')))).toBeUndefined();
    expect(said).toEqual(['warn cache_unusable {"path":"/cache","reason":"of the system"}']);
  });
});
