import { createHash } from 'node:crypto';

/** A share of all mutants, in percent, the same for the same seed. To Stryker the others are such as do not compile. */
class Sample {
  async init() {}

  /** @param {readonly { id: string, fileName: string, location: unknown, replacement: string }[]} mutants */
  async check(mutants) {
    const left = { status: 'compileError', reason: 'not in the sample' };
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, isChosen(mutant) ? { status: 'passed' } : left]));
  }
}

/** @param {{ fileName: string, location: unknown, replacement: string }} mutant */
function isChosen({ fileName, location, replacement }) {
  const { FLOE_OCI_SAMPLE: percent, FLOE_OCI_SAMPLE_SEED: seed } = process.env;
  const name = fileName.slice(fileName.lastIndexOf('/src/'));
  const key = `${seed} ${name} ${JSON.stringify(location)} ${replacement}`;
  return createHash('sha256').update(key).digest().readUInt32BE() % 100 < Number(percent);
}

export const strykerPlugins = [{ kind: 'Checker', name: 'sample', injectableClass: Sample }];
