import { expect, it } from 'vitest';
import { proposeRepository } from '../../src/views/commands/proposeRepository.ts';
import { MemoryPlace } from './support/places.ts';

it.each([
  ['ticket-sales', [], 'ticket-sales'],
  ['Ticket Sales!', [], 'ticket-sales'],
  ['ticket-sales', ['floe/other'], 'floe/ticket-sales'],
  ['ticket-sales', ['a/b', 'floe/ticket-sales'], 'floe/ticket-sales'],
  ['ticket-sales', ['single'], 'ticket-sales'],
  ['…', [], undefined],
])('%s with %j pinned belongs to %s', (product, pinned, repository) => {
  expect(proposeRepository(new MemoryPlace({ pinned }), product)).toBe(repository);
});
