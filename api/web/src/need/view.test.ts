import { expect, test } from 'vitest';
import type { Completeness, Points } from '../shared/api.ts';
import { NEED_DEFAULTS } from '../shared/need_state.ts';
import { CROSSED_FIRST, FADED, IFN_FIRST, IFN_UNKNOWN } from '../shared/palette.ts';
import { oldYear } from './figures.ts';
import { worstFirst } from './gaps.ts';
import { Level } from './view.ts';

/** Six communes of 100 people; income is known but for the last, and its points go the other way. */
const INCOMES = [15_000, 16_000, 18_000, 20_000, 24_000, undefined];
const points = {
  edition: 'e', level: 'commune', structure: 's', method: 'percentile', formula: '', min_completeness: 0.3,
  sub_indices: [{ id: 'people', nom: 'Publics', weight: 1 }],
  variables: [
    { id: 'income', nom: 'Revenu', sub_index: 'people', weight: 1, unit: '€', direction: -1, known: 5, vintage: '2018-01', old: 'ancien : données de 2018' },
    { id: 'poor', nom: 'Pauvreté', sub_index: 'people', weight: 1, unit: '%', direction: 1, known: 6, vintage: '2023' },
  ],
  territoires: INCOMES.map((income, i) => ({
    code: `0200${i}`, nom: `Commune ${i}`, population: 100, scales: i === 5 ? {} : { densite_niveau: i < 3 ? 6 : 3 },
    points: { ...(income === undefined ? {} : { income: 10 - 2 * i }), poor: 10 - 2 * i },
    values: { ...(income === undefined ? {} : { income }), poor: 30 - i },
  })),
} as unknown as Points;

test('low incomes are dark, and who is unknown is hatched and counted', () => {
  const { cut, codes, rank } = new Level(points).view({ ...NEED_DEFAULTS, indice: 'income' });
  expect(cut.bands.bounds).toEqual([16_000, 18_000, 20_000, 24_000]);
  expect([...codes]).toEqual([4, 3, 2, 1, 0].map((k) => IFN_FIRST + k).concat(IFN_UNKNOWN));
  expect([...rank]).toEqual([1, 2, 3, 4, 5, 0]);
  expect(cut.counted).toMatchObject({ people: [100, 100, 100, 100, 100], unknown: 100, unknownTerritoires: 1 });
});

test('a crossing counts everybody once', () => {
  const { crossed, codes } = new Level(points).view({ ...NEED_DEFAULTS, indice: 'income', croix: 'poor' });
  const { people = [], unknown = 0 } = crossed?.counted ?? {};
  expect(people.reduce((sum, n) => sum + n, unknown)).toBe(600);
  expect(people[8]).toBe(200); // the two poorest are poorest by both
  expect(codes[0]).toBe(CROSSED_FIRST + 8);
  expect(codes[5]).toBe(IFN_UNKNOWN);
});

test('levels of density leave the others pale, and say who has none', () => {
  const { scaled, codes, tally, hidden } = new Level(points).view({ ...NEED_DEFAULTS, croix: 'densite_niveau', parmi: '6,9' });
  expect(tally.people.reduce((sum, n) => sum + n, tally.unknown)).toBe(300);
  expect(hidden).toBe(300);
  expect(scaled?.rows.map(({ number, people, shown }) => [number, people, shown])).toEqual([[3, 200, false], [6, 300, true]]);
  expect(scaled?.unknown).toBe(100);
  expect([...codes].map((code) => code === FADED)).toEqual([false, false, false, true, true, true]);
});

test('chosen weights change scores; weights that leave nothing give no map', () => {
  const level = new Level(points);
  expect(level.view({ ...NEED_DEFAULTS, poids: 'income:0' }).scores?.score[5]).toBe(0);
  const nothing = level.view({ ...NEED_DEFAULTS, poids: 'income:0,poor:0' });
  expect(nothing.refused).toBe('people');
  expect(new Set(nothing.codes)).toEqual(new Set([IFN_UNKNOWN]));
});

test('a vintage before the year that a variable should be of is old', () => {
  const { figures } = new Level(points);
  expect(figures.map(({ variable }) => oldYear(variable))).toEqual([undefined, undefined, '2018', undefined]);
});

test('what the index lacks is told with what weighs most for most people first, in the words of the server', () => {
  const lack = (id: string, index_share: number, people_unknown: number) => ({ id, index_share, people_unknown });
  const report = { variables: [lack('old', 0.2, 0), lack('some', 0.1, 50), lack('older', 0.3, 0), lack('all', 0.1, 600), lack('heavy', 0.5, 120)] } as unknown as Completeness;
  expect(worstFirst(report).map(({ id }) => id)).toEqual(['heavy', 'all', 'some', 'older', 'old']);
  expect(report.variables[0]?.id).toBe('old'); // the report stays as it is
});
