import { describe, expect, it } from 'vitest';
import { rateLimitOf } from '../../../src/oci/registries/rateLimit.ts';

const NOW = Date.UTC(2026, 0, 1);
const read = (headers: Readonly<Record<string, string>>) => rateLimitOf(new Map(Object.entries(headers)), NOW);

describe('what is left of a limit', () => {
  it("is read as Docker Hub's registry says it", () => {
    const headers = {
      'ratelimit-limit': '100;w=21600',
      'ratelimit-remaining': '76;w=21600',
      'docker-ratelimit-source': '192.0.2.1',
    };
    expect(read(headers)).toEqual({ limit: 100, remaining: 76, windowSeconds: 21_600, source: '192.0.2.1' });
  });

  it("is read as GitHub and Docker Hub's API say it", () => {
    const headers = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4987', 'x-ratelimit-reset': '1767229200' };
    expect(read(headers)).toEqual({ limit: 5000, remaining: 4987, resetAt: '2026-01-01T01:00:00.000Z' });
  });

  it("is read as the IETF's draft has it", () => {
    const headers = { 'ratelimit-policy': '"default";q=100;w=60', ratelimit: '"default";r=50;t=30' };
    expect(read(headers)).toEqual({
      limit: 100,
      remaining: 50,
      windowSeconds: 60,
      resetAt: '2026-01-01T00:00:30.000Z',
    });
  });

  it.each([
    [{}],
    [{ 'ratelimit-limit': '100' }],
    [{ 'ratelimit-limit': 'many', 'ratelimit-remaining': 'some' }],
    [{ 'ratelimit-limit': '-1', 'ratelimit-remaining': '5' }],
  ])('is not known from %j', (headers: Record<string, string>) => {
    expect(read(headers)).toBeUndefined();
  });

  it('has a date, whatever number a registry gives', () => {
    const many = '9'.repeat(30);
    const headers = { 'ratelimit-policy': `"a";q=${many};w=${many}`, ratelimit: `"a";r=${many};t=${many}` };
    expect(read(headers)?.resetAt).toMatch(/Z$/);
  });

  it('has no source that is more than a name', () => {
    const headers = { 'ratelimit-limit': '1', 'ratelimit-remaining': '1', 'docker-ratelimit-source': 'a\u001b[31m b' };
    expect(read(headers)).toEqual({ limit: 1, remaining: 1 });
  });
});
