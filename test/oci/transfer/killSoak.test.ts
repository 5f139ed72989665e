import { expect, it } from 'vitest';
import { killSoak } from '../../support/killing/killSoak.ts';

const SEED = Number(process.env['FLOE_OCI_SEED'] ?? 5);
/** As many as there is time for in every run of the tests; `test/bench/soak/killSoak.ts` does 200. */
const KILLS = 6;

it('what killed transfers leave is right as far as it goes, and the next run completes it', async () => {
  const { wrong, ...report } = await killSoak({ kills: KILLS, seed: SEED });
  expect(wrong, `seed ${SEED}: ${JSON.stringify(report)}`).toEqual([]);
}, 120_000);
