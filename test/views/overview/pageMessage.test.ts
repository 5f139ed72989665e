import { expect, it } from 'vitest';
import { pageMessage } from '../../../src/views/overview/pageMessage.ts';

it.each([
  { act: 'ready' },
  { act: 'go', target: 3 },
  { act: 'searchTags' },
  { act: 'repair', part: 'tags', remedy: 'retry' },
])('the page may say %j', (message) => {
  expect(pageMessage.safeParse(message)).toMatchObject({ success: true, data: message });
});

it.each([
  undefined,
  'ready',
  {},
  { act: 'open', uri: 'file:///etc/passwd' },
  { act: 'go', target: 'file:///etc/passwd' },
  { act: 'go', target: -1 },
  { act: 'go', target: 1.5 },
  { act: 'go', target: 1, uri: 'command:x' },
  { act: 'repair', part: '__proto__', remedy: 'retry' },
  { act: 'repair', part: 'tags', remedy: 'erase' },
])('the page may not say %j', (message) => {
  expect(pageMessage.safeParse(message).success).toBe(false);
});
