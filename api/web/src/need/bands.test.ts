import { expect, test } from 'vitest';
import { bandOf, countBands, cut, FIFTHS, stepOf, TENTH } from './bands.ts';

test('a fifth of the people is in each band, whatever the number of communes', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect(cut(values, values.map(() => 10), FIFTHS, TENTH).bounds).toEqual([3, 5, 7, 9]);
  // One town holds four fifths of the people: it fills its bands alone.
  expect(cut([1, 2, 3], [10, 80, 10], FIFTHS, TENTH).bounds).toEqual([3]);
  expect(cut([NaN, 4], [10, 10], FIFTHS, TENTH).bounds).toEqual([]);
});

test('people add up, and who is unknown stays apart', () => {
  const values = [0.04, 0.06, 5, NaN, 9.96];
  const bands = { bounds: [0.1, 5, 10], step: TENTH };
  const of = values.map((value) => bandOf(value, bands));
  expect(of).toEqual([0, 1, 2, -1, 3]); // on the scale of tenths, as on the server's pages
  expect(countBands(of, [1, 2, 4, 8, 16], 4)).toEqual({ people: [1, 2, 4, 16], unknown: 8, territoires: [1, 1, 1, 1], unknownTerritoires: 1 });
});

test('bounds are short to read: tens of euros, tenths of a minute', () => {
  expect(stepOf([17_000, 30_400])).toBe(100);
  expect(stepOf([2, 41.5, NaN])).toBe(0.1);
  expect(stepOf([7])).toBe(1);
  expect(cut([17_043, 21_489, 30_400], [1, 1, 1], 3).bounds).toEqual([21_500, 30_400]);
});
