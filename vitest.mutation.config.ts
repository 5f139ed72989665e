import { defineConfig } from 'vitest/config';
import unit from './vitest.config.ts';

const { projects: _, ...test } = unit.test ?? {};
const folder = `test/oci/${process.env['FLOE_OCI_PART']}/**`;

export default defineConfig({
  ...unit,
  test: {
    ...test,
    // What is in a folder has to be held to its word by the tests of that folder: not by those that fill a given time with
    // chance, nor by those of other processes, which no mutant reaches. Said here, for whom Stryker gives a list of tests it
    // switches a mutant on when a test begins: too late for what runs while a module is loaded.
    include: [`${folder}/*.test.ts`],
    exclude: ['anyOrder', 'processes', 'records', 'simulation'].map((name) => `${folder}/${name}.test.ts`),
    // Each file in modules of its own: a mutant of what runs while a module is loaded wants it loaded anew.
    isolate: true,
  },
});
