import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../../scripts/lib/terminal.mjs';
import type { Workbench } from '../support/workbench.ts';

/** A document of version 1.2.0, and where a workspace has it so that {@link push} finds it. */
export const sample = readFileSync(path.join(root, 'samples/ticket-sales/target/compiled_artifacts.json'));
export const sampleFile = 'compiled_artifacts.json';

/** Connects a registry that asks for no password, up to the end of the command, however it ends. */
export async function connect({ host }: { readonly host: string }, workbench: Workbench): Promise<void> {
  const { quickInput } = workbench;
  await workbench.runCommand('Floe OCI: Connect a Registry…');
  await quickInput.waitFor('Host, address, or a reference');
  await quickInput.enter(host);
  await quickInput.waitForClosed();
}

/**
 * Pushes the sample under its version to a repository that is new there, and waits until the view shows the tag.
 * @param place the label of a registry, or `Local store`
 */
export async function push(place: string, repository: string, workbench: Workbench): Promise<void> {
  const { quickInput, notifications } = workbench;
  const isLocal = place === 'Local store';
  await workbench.runCommand('Floe OCI: Push Compiled Artifacts…');
  await quickInput.waitFor('Choose a compiled_artifacts.json');
  await quickInput.pick(sampleFile);
  await quickInput.waitFor('Choose where');
  await quickInput.pick(place);
  await quickInput.waitFor('Choose a repository');
  await quickInput.enter(repository);
  await quickInput.waitFor('Type a tag');
  await quickInput.pick('1.2.0');
  await notifications.waitFor(`Pushed ticket-sales 1.2.0 to ${isLocal ? repository : place}`);
  const { rows } = workbench.tree(isLocal ? 'Local Store' : 'Registries');
  await rows.and(workbench.page.locator('.selected')).filter({ hasText: '1.2.0' }).waitFor();
}
