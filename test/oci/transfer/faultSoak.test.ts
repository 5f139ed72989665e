import { expect, it } from 'vitest';
import { faultSoak } from '../../support/faultSoak.ts';

const SEED = Number(process.env['FLOE_OCI_SEED'] ?? 5);

it('of transfers over a line on which one request in ten goes wrong, all but the odd one are right and none is wrong', async () => {
  const report = await faultSoak({ pulls: 150, pushes: 150, seed: SEED });
  const summary = `seed ${SEED}: ${JSON.stringify(report, null, 1)}`;
  expect([...report.pulls.wrong, ...report.pushes.wrong], summary).toEqual([]);
  // The target is 99.9 % of 2000; of 300, one may be unlucky.
  expect(report.pulls.correct + report.pushes.correct, summary).toBeGreaterThanOrEqual(299);
  expect(Object.keys(report.faults), summary).toHaveLength(9);
}, 120_000);
