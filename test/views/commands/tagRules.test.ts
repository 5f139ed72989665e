import { expect, it } from 'vitest';
import { OciError, parseRepositoryName, parseTag } from '../../../src/oci/index.ts';
import { keptText, readRules, rulesText } from '../../../src/views/commands/tagRules.ts';
import { startHarbor } from '../support/harbor.ts';
import { MemoryPlace } from '../support/places.ts';

const address = { place: new MemoryPlace(), repository: parseRepositoryName('acme/app'), tag: parseTag('v1') };
const denied = (message: string, reason: string) => new OciError('DENIED', message, { registry: 'r.example', reason });

it('rules are said in words, where there are any', () => {
  expect(rulesText({ remarks: ['Nobody asked'] })).toEqual([]);
  expect(rulesText({ immutability: 'none', remarks: [] })).toEqual([]);
  expect(rulesText({ immutability: 'some', remarks: ['So it is'] })).toEqual([
    'Some of its tags are immutable: the registry refuses to delete those.',
    'So it is.',
  ]);
});

it('rules are asked of the registry, and are none where it has none to tell', async () => {
  const harbor = await startHarbor('harbor');
  try {
    const place = new MemoryPlace({ hosting: harbor.hosting });
    expect(await readRules({ ...address, place })).toMatchObject({ immutability: 'some' });
    expect(await readRules(address)).toEqual({ remarks: [] });
  } finally {
    await harbor.close();
  }
});

it('a tag that a rule keeps stays for that reason, and not for want of a right', () => {
  expect(keptText(address, denied('r.example/acme/app:v1 is immutable', 'a rule'))).toBe(
    'r.example/acme/app:v1 stays: a rule of the registry keeps this tag (a rule).',
  );
  expect(keptText(address, denied('no', 'The operation is disallowed on this registry'))).toContain('disallowed');
  expect(keptText(address, denied('no', 'not authorized to perform ecr:BatchDeleteImage'))).toBeUndefined();
  expect(keptText(address, new Error('immutable'))).toBeUndefined();
});
