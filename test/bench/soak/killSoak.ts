// Kills transfers of new content at random moments, 200 times, and looks at what they left:
//     node test/bench/soak/killSoak.ts [KILLS [SEED]]
// Ends with 0 when nothing was wrong and every second run completed what the first had begun.
import { killSoak } from '../../support/killing/killSoak.ts';

const [kills = 200, seed = 1] = process.argv.slice(2).map(Number);
const began = performance.now();
const onKill = (count: number): void => {
  if (count % 20 === 0) console.log(`${count} killed`);
};
const { killed, missed, partial, wrong } = await killSoak({ kills, seed, onKill });
console.log(`seed ${seed}, Node ${process.version}, ${((performance.now() - began) / 1000).toFixed(1)} s`);
for (const [kind, count] of Object.entries(killed)) console.log(`  ${kind.padEnd(18)}${count} killed`);
console.log(`${missed} were over before, ${partial} had left something behind`);
console.log(`wrong   ${wrong.length}${wrong.map((line) => `\n  ${line}`).join('')}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
