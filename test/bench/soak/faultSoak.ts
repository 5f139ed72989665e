// Pulls and pushes new content, 1000 times each, while one request in ten goes wrong:
//     node test/bench/soak/faultSoak.ts [TIMES [SEED]]
// Ends with 0 when at least 99.9 % were right and nothing was wrong.
import { faultSoak } from '../../support/faultSoak.ts';

const [times = 1000, seed = 1] = process.argv.slice(2).map(Number);
const began = performance.now();
const { pulls, pushes, requests, faults } = await faultSoak({ pulls: times, pushes: times, seed });
const seconds = (performance.now() - began) / 1000;

const correct = pulls.correct + pushes.correct;
const wrong = [...pulls.wrong, ...pushes.wrong];
const share = correct / (2 * times);
console.log(`seed ${seed}, Node ${process.version}, ${seconds.toFixed(1)} s`);
console.log(`pulls   ${pulls.correct} of ${times} right ${JSON.stringify(pulls.named)}`);
console.log(`pushes  ${pushes.correct} of ${times} right ${JSON.stringify(pushes.named)}`);
console.log(`wrong   ${wrong.length}${wrong.map((line) => `\n  ${line}`).join('')}`);
console.log(`faults  ${Object.values(faults).reduce((sum, count) => sum + count, 0)} of ${requests} requests`);
for (const [kind, count] of Object.entries(faults)) console.log(`  ${kind.padEnd(22)}${count}`);
console.log(`${(share * 100).toFixed(2)} % right, at least 99.90 % wanted`);
process.exitCode = share >= 0.999 && wrong.length === 0 ? 0 : 1;
