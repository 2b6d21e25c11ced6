import { expect, test } from 'vitest';
import { fr } from '../shared/fr.ts';
import { weekBand } from './moment.ts';
import { RAMPS } from '../shared/palette.ts';
import { formatMoment, parseMoment } from '../shared/state.ts';

test.each([
  ['3T17:30', { day: 3, minutes: 1050 }],
  ['7T00:00', { day: 7, minutes: 0 }],
  ['mercredi', { day: 3, minutes: 1050 }],
  ['8T10:00', { day: 3, minutes: 1050 }],
])('%s is read, or the usual moment is', (text, moment) => {
  expect(parseMoment(text)).toEqual(moment);
});

test('a moment is written as it is read', () => {
  expect(formatMoment({ day: 1, minutes: 8 * 60 })).toBe('1T08:00');
  expect(parseMoment(formatMoment({ day: 6, minutes: 1410 }))).toEqual({ day: 6, minutes: 1410 });
});

test('nobody has a band of its own, and everybody the last', () => {
  expect(weekBand(0, 100)).toBe(0);
  expect(weekBand(1, 100)).toBe(1);
  expect(weekBand(100, 100)).toBe(RAMPS.heures.length - 1);
});

test('the sentence says what is open, closed and unknown', () => {
  const text = fr.moment.sentence('mercredi à 17\u00a0h\u00a030', { ouvert: 1000, parfois: 200, inconnu: 300, ferme: 400, aucun: 100 }, 2000, 15);
  expect(text).toContain('mercredi');
  expect(text).toMatch(/1\u202f000/);
  expect(text).toContain('50\u202f%');
});
