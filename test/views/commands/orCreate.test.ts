import { afterEach, beforeEach, expect, it } from 'vitest';
import { OciError, parseRepositoryName } from '../../../src/oci/index.ts';
import { orCreate } from '../../../src/views/commands/orCreate.ts';
import { failure } from '../../support/failure.ts';
import { answers, asked } from '../../support/vscode.ts';
import { startHarbor, type TestHarbor } from '../support/harbor.ts';
import { MemoryPlace } from '../support/places.ts';

let harbor: TestHarbor;
let sent: number;
beforeEach(async () => {
  harbor = await startHarbor('harbor');
  sent = 0;
  answers.length = 0;
  asked.length = 0;
});
afterEach(() => harbor.close());

const placeOf = ({ server, hosting }: TestHarbor) => new MemoryPlace({ id: server.host, hosting });
const refusal = () => new OciError('DENIED', 'no', { registry: harbor.server.host, reason: '' });

/** A push that is refused for as long as there is no project. */
const send = (project: string) => async () => {
  sent += 1;
  if (!harbor.projects.has(project)) throw refusal();
  return 'sent';
};

it('a push that is taken asks nothing', async () => {
  const address = { place: placeOf(harbor), repository: parseRepositoryName('acme/app') };
  expect(await orCreate(address, {}, send('acme'))).toBe('sent');
  expect(asked).toEqual([]);
});

it('a project that is missing is created after a question, and the push is done once more', async () => {
  answers.push('Create Project');
  const address = { place: placeOf(harbor), repository: parseRepositoryName('fresh/app') };
  expect(await orCreate(address, {}, send('fresh'))).toBe('sent');
  expect(asked).toEqual([expect.stringContaining('Create the project fresh?')]);
  expect([sent, harbor.projects.has('fresh')]).toEqual([2, true]);
});

it('whoever does not want it has cancelled the push', async () => {
  const address = { place: placeOf(harbor), repository: parseRepositoryName('fresh/app') };
  await expect(orCreate(address, {}, send('fresh'))).rejects.toEqual(failure('CANCELLED'));
  expect([sent, harbor.projects.has('fresh')]).toEqual([1, false]);
});

it('where the project was there all the time, the reason stays what it was', async () => {
  answers.push('Create Project');
  const address = { place: placeOf(harbor), repository: parseRepositoryName('acme/app') };
  const refused = () => Promise.reject(refusal());
  await expect(orCreate(address, {}, refused)).rejects.toEqual(failure('DENIED'));
});

it('where a push makes everything, nothing is asked', async () => {
  const other = await startHarbor('quay');
  const address = { place: placeOf(other), repository: parseRepositoryName('fresh/app') };
  await expect(orCreate(address, {}, send('fresh'))).rejects.toEqual(failure('DENIED'));
  await expect(orCreate({ ...address, place: new MemoryPlace() }, {}, send('fresh'))).rejects.toEqual(
    failure('DENIED'),
  );
  expect(asked).toEqual([]);
  await other.close();
});
