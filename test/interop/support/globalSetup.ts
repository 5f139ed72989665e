import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { root } from '../../../scripts/lib/terminal.mjs';
import { preparePeers } from '../../../scripts/peers/preparePeers.ts';
import { clientPeers } from '../../support/clients/index.ts';
import { registryPeers } from './registries.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the programs of others are, and why some are not. */
    readonly peers: {
      readonly programs: Readonly<Record<string, string>>;
      readonly missing: Readonly<Record<string, string>>;
    };
    /** The built command line. */
    readonly cli: string;
  }
}

/** Installs what the tests run, once. What cannot be had is missing, and the tests say so in their names. */
export default async function globalSetup(project: TestProject): Promise<void> {
  const { programs, missing } = await preparePeers([...clientPeers, ...registryPeers, 'conformance', 'otelcol']);
  project.provide('peers', { programs: Object.fromEntries(programs), missing: Object.fromEntries(missing) });
  project.provide('cli', process.env['FLOE_OCI_CLI'] ?? path.join(root, 'dist/cli.js'));
}
