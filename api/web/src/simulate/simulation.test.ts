import { expect, test } from 'vitest';
import { bestByCommune, Latest } from './simulation.ts';

/** A job that ends when it is told to. */
function held(log: string[], name: string) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const job = async (signal: AbortSignal) => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ${signal.aborted ? 'given up' : 'ends'}`);
  };
  return { job, end };
}
const tick = () => new Promise((resolve) => setTimeout(resolve));

test('one at a time, and of those that wait only the last', async () => {
  const log: string[] = [];
  const latest = new Latest();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => held(log, name)) as [ReturnType<typeof held>, ReturnType<typeof held>, ReturnType<typeof held>];
  latest.run(a.job, false);
  latest.run(b.job, false);
  latest.run(c.job, false);
  a.end();
  await tick();
  c.end();
  await tick();
  expect(log).toEqual(['a begins', 'a ends', 'c begins', 'c ends']);
});

test('what overtakes gives up the job under way', async () => {
  const log: string[] = [];
  const latest = new Latest();
  const [a, b] = ['a', 'b'].map((name) => held(log, name)) as [ReturnType<typeof held>, ReturnType<typeof held>];
  latest.run(a.job, false);
  latest.run(b.job, true);
  a.end();
  b.end();
  await tick();
  expect(log).toEqual(['a begins', 'b begins', 'a given up', 'b ends']);
});

test('each commune is told once, at its best place', () => {
  const place = (commune: string, covered: number) => ({ rank: 0, lon: 0, lat: 0, commune, nom: commune, covered, from_blanche: 0, hours_people: 0 });
  const best = bestByCommune([place('A', 9), place('A', 8), place('B', 7), place('C', 0)]);
  expect(best.map(({ nom, rank, covered }) => `${rank} ${nom} ${covered}`)).toEqual(['1 A 9', '2 B 7']);
});
