import { expect, test } from 'vitest';
import type { Gap } from '../shared/api.ts';
import { effectOf, isNothing, mostChanged } from './effect.ts';
import type { Change, Simulation } from './simulation.ts';

const none = { people: 0, hours_changed: 0, hours_people: 0, time_people: 0, minutes_people: 0 };
const gap = (couverte: number, blanche: number): Gap => (({
  type: 'commune',
  code: '02000',
  nom: 'A',
  population: 100,
  classes: { couverte, blanche, grise: 100 - couverte - blanche, inconnue: 0 },
}) as Partial<Gap> as Gap);

const SIMULATION = {
  edition: 'e',
  before: gap(50, 50),
  after: gap(60, 45),
  gained: { ...none, people: 30, time_people: 40, hours_changed: 40, hours_people: 800 },
  lost: { ...none, people: 5, time_people: 7, hours_changed: 10, hours_people: 50 },
  transitions: [
    { from: 'blanche', to: 'couverte', people: 20 },
    { from: 'grise', to: 'couverte', people: 10 },
    { from: 'couverte', to: 'blanche', people: 5 },
  ],
  territoires: [],
  zones: { before: { zones: 2, people: 50 }, after: { zones: 1, people: 45 } },
  ms: 1,
  map: { rows: [], before: [], after: [] },
} as Partial<Simulation> as Simulation;

test('gains and losses are told apart, not netted', () => {
  const effect = effectOf(SIMULATION);
  expect(effect.covered).toEqual({ gained: 30, lost: 5 });
  expect(effect.within).toEqual({ gained: 20, lost: 5 });
  expect(effect.nearer).toEqual({ gained: 40, lost: 7 });
});

test('hours are told as a mean of those for whom they change', () => {
  const effect = effectOf(SIMULATION);
  expect(effect.moreHours).toEqual({ people: 40, mean: 20 });
  expect(effect.fewerHours).toEqual({ people: 10, mean: 5 });
  expect(effectOf({ ...SIMULATION, gained: none }).moreHours).toEqual({ people: 0, mean: 0 });
});

test('nothing is said to be nothing', () => {
  expect(isNothing(effectOf(SIMULATION))).toBe(false);
  expect(isNothing(effectOf({ ...SIMULATION, gained: none, lost: none, transitions: [] }))).toBe(true);
});

test('territoires are ordered by the people who change, by level', () => {
  const change = (type: Change['type'], nom: string, couverte: number): Change => ({ type, code: nom, nom, before: gap(50, 50), after: gap(couverte, 50) });
  const changes = [change('commune', 'B', 55), change('commune', 'C', 80), change('epci', 'E', 85), change('commune', 'same', 50)];
  expect(mostChanged(changes, ['epci', 'commune'], 2).map(({ nom }) => nom)).toEqual(['E', 'C', 'B']);
});
