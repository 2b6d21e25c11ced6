import { expect, test } from 'vitest';
import type { Gap } from '../shared/api.ts';
import { headline, spoken } from './headline.ts';
import { DEFAULTS } from '../shared/state.ts';

const departement = (blanche: number, grise: number, inconnue: number, population = 527_468): Gap => (({
  grise_without_hours: 0,
  type: 'departement',
  code: '02',
  nom: 'Aisne',
  population,
  classes: { blanche, grise, inconnue, couverte: population - blanche - grise - inconnue },
}) as Partial<Gap> as Gap);

// The spaces of French typography, made plain to read the sentences.
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test('tells known need from what to check, then who has too few hours', () => {
  const text = headline(departement(6_224, 35_363, 34_447), DEFAULTS, false);
  expect(plain(spoken(text))).toBe(
    '6 224 habitants n’ont rien à 15 min en voiture ; 34 447 autres dépendent de lieux dont on ne sait pas s’ils aident, ou quand. 35 363 de plus ont moins de 17,5 h d’ouverture par semaine à portée.',
  );
  expect(text.main.map(({ list }) => list)).toEqual(['zones', 'verifier']);
});

test('by timetable, tells who has a lieu that opens when no bus goes', () => {
  const state = { ...DEFAULTS, mode: 'transit', minutes: 45, hours: 3.5 } as const;
  expect(plain(spoken(headline({ ...departement(40, 30, 0), grise_without_hours: 12 }, state, false)))).toBe(
    '40 habitants n’ont rien à 45 min en bus ou car. 30 de plus ont moins de 3,5 h par semaine où l’on peut y être et rentrer, dont 12 pour qui c’est ouvert quand aucun car ne le permet, ou seulement sur rendez-vous.',
  );
  expect(plain(spoken(headline(departement(40, 30, 0), state, false)))).toContain('où l’on peut y être et rentrer.');
});

test('agrees in number for one person', () => {
  expect(plain(spoken(headline(departement(1, 1, 1), DEFAULTS, false)))).toBe(
    '1 habitant n’a rien à 15 min en voiture ; 1 autre dépend de lieux dont on ne sait pas s’ils aident, ou quand. 1 de plus a moins de 17,5 h d’ouverture par semaine à portée.',
  );
});

test.each([
  ['nothing is to be checked', departement(40, 0, 0), '40 habitants n’ont rien à 15 min en voiture.'],
  ['nobody is known to have nothing', departement(0, 0, 40), '40 habitants dépendent de lieux dont on ne sait pas s’ils aident, ou quand ; les autres ont un lieu connu à 15 min en voiture.'],
  ['everybody depends on what is unknown', departement(0, 0, 40, 40), '40 habitants dépendent de lieux dont on ne sait pas s’ils aident, ou quand.'],
  ['all is well', departement(0, 0, 0), 'Tous ont un lieu connu à 15 min en voiture.'],
])('says so when %s', (_, gap, expected) => {
  expect(plain(spoken(headline(gap, DEFAULTS, false)))).toBe(expected);
});

test('of a service that nobody names, says that it is unknown and counts only who has nothing at all', () => {
  const state = { ...DEFAULTS, service: 'loisirs-creations' } as const;
  expect(plain(spoken(headline(departement(6_224, 0, 521_244), state, true)))).toBe(
    'Loisirs et créations numériques. Inconnu : aucune source ne dit qui rend ce service ; 6 224 habitants n’ont rien à 15 min en voiture, quel que soit le service.',
  );
  expect(plain(spoken(headline(departement(0, 0, 527_468), state, true)))).toBe('Loisirs et créations numériques. Inconnu : aucune source ne dit qui rend ce service.');
});
