import { inject, it } from 'vitest';
import { goThrough } from '../cli/support/goThrough.ts';
import { makeWorkspace } from '../cli/support/workspace.ts';
import { registriesOf } from './support/registries.ts';

it.each(registriesOf(inject('peers').programs))('the command line goes through all it has at $name', async (peer) => {
  await using registry = await peer.start();
  await using workspace = await makeWorkspace({ 'notes.txt': 'hello', 'other.txt': 'goodbye' });
  await goThrough((...argv) => workspace.run(...argv), registry.host, {
    tagDeletion: peer.deletion.untags ? 0 : 1,
  });
});
