import { expect, test } from 'vitest';
import type { Opening } from '../shared/api.ts';
import { daysText, momentOf } from './openings.ts';

const WEEK: Opening[] = [
  { jours: [1, 2, 3, 5], heures: ['09:00-12:00', '14:00-17:00'] },
  { jours: [4], semaines: [1, 3], heures: ['14:00-16:00'] },
  { jours: [4], semaines: [2, 4], heures: ['15:00-18:00'] },
  { jours: [6], heures: ['10:00-12:30'] },
];

test.each([
  [[1, 2, 3, 5], 'lundi – mercredi, vendredi'],
  [[1, 2], 'lundi, mardi'],
  [[7], 'dimanche'],
  [[1, 2, 3, 4, 5, 6, 7], 'lundi – dimanche'],
])('%j are written %s', (days, text) => expect(daysText(days)).toBe(text));

test.each([
  [1, '09:00', 'ouvert'],
  [1, '12:00', 'ferme'],
  [4, '14:30', 'parfois'],
  [4, '15:30', 'ouvert'], // in these weeks by one line, in the others by another
  [6, '12:29', 'ouvert'],
  [7, '10:00', 'ferme'],
] as const)('on day %i at %s: %s', (day, hour, state) => {
  const [hours = 0, minutes = 0] = hour.split(':').map(Number);
  expect(momentOf(WEEK, { day, minutes: hours * 60 + minutes })).toBe(state);
});

test('without hours nothing is known, and with none nothing opens', () => {
  expect(momentOf(undefined, { day: 1, minutes: 600 })).toBe('inconnu');
  expect(momentOf([], { day: 1, minutes: 600 })).toBe('ferme');
});
