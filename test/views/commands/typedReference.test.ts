import { expect, it } from 'vitest';
import { typedReference } from '../../../src/views/commands/typedReference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

it.each(['content', 'destination', 'repository'] as const)('a repository may be typed for a %s', (naming) => {
  expect(typedReference('r.example/team/app', naming)).toMatchObject({
    label: 'r.example/team/app',
    value: { repository: 'team/app' },
  });
});

it('a tag or a digest that a command about a repository has no use for is refused by name', () => {
  expect(typedReference('r.example/team/app:1.0.0', 'repository')).toMatch(/leave out :1\.0\.0\.$/);
  expect(typedReference(`r.example/team/app:1@${DIGEST}`, 'repository')).toContain(`leave out :1@${DIGEST}.`);
  expect(typedReference('layout:/backup:1.0.0', 'repository')).toContain(':1.0.0');
});

it('a destination takes a tag, and no digest', () => {
  expect(typedReference('r.example/team/app:1.0.0', 'destination')).toMatchObject({ value: { tag: '1.0.0' } });
  expect(typedReference(`r.example/team/app@${DIGEST}`, 'destination')).toContain(DIGEST);
});

it('content may be named by both; what is no reference says why', () => {
  expect(typedReference(`r.example/team/app:1@${DIGEST}`, 'content')).toMatchObject({ value: { digest: DIGEST } });
  expect(typedReference('r.example/Team', 'content')).toEqual(expect.any(String));
});
