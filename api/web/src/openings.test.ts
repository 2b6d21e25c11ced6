import { expect, test } from 'vitest';
import { daysText, momentOf, openings } from './openings.ts';

const WEEK = ['09:00-12:00 14:00-17:00', '09:00-12:00 14:00-17:00', '09:00-12:00 14:00-17:00', '', '09:00-12:00 14:00-17:00', '10:00-12:30', ''];

test('days that share their hours are one line, in the order of the week', () => {
  expect(openings(WEEK)).toEqual([
    { days: [0, 1, 2, 4], weeks: [1, 2, 3, 4], spans: [[540, 720], [840, 1020]] },
    { days: [5], weeks: [1, 2, 3, 4], spans: [[600, 750]] },
  ]);
  expect(openings(['', '', '', '', '', '', ''])).toEqual([]);
});

test('what is of some weeks says which', () => {
  const cycle = [...WEEK, ...WEEK, ...WEEK, ...WEEK];
  cycle[3] = '14:00-16:00';
  cycle[17] = '14:00-16:00';
  expect(openings(cycle)).toContainEqual({ days: [3], weeks: [1, 3], spans: [[840, 960]] });
  expect(openings(cycle)).toHaveLength(3);
});

test.each([
  [[0, 1, 2, 4], 'lundi – mercredi, vendredi'],
  [[0, 1], 'lundi, mardi'],
  [[6], 'dimanche'],
  [[0, 1, 2, 3, 4, 5, 6], 'lundi – dimanche'],
])('%j are written %s', (days, text) => expect(daysText(days)).toBe(text));

test('a moment is open, closed, open some weeks, or unknown', () => {
  const at = (day: number, hour: number, minute = 0) => ({ day, minutes: hour * 60 + minute });
  expect(momentOf(WEEK, at(1, 9))).toBe('ouvert');
  expect(momentOf(WEEK, at(1, 12))).toBe('ferme');
  expect(momentOf(WEEK, at(6, 12, 29))).toBe('ouvert');
  expect(momentOf(WEEK, at(7, 10))).toBe('ferme');
  expect(momentOf([...WEEK, ...WEEK, ...WEEK, ...Array<string>(7).fill('')], at(1, 9))).toBe('parfois');
  expect(momentOf(undefined, at(1, 9))).toBe('inconnu');
});
