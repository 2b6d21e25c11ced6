import { expect, test } from 'vitest';
import type { Gap } from '../shared/api.ts';
import { headline, spoken } from './headline.ts';
import { DEFAULTS } from '../shared/state.ts';

const departement = (blanche: number, grise: number, inconnue: number): Gap => (({
  type: 'departement',
  code: '02',
  nom: 'Aisne',
  population: 527_468,
  classes: { blanche, grise, inconnue, couverte: 527_468 - blanche - grise - inconnue },
}) as Partial<Gap> as Gap);

// The spaces of French typography, made plain to read the sentences.
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test('says how many are far, then how many have too few hours', () => {
  expect(plain(spoken(headline(departement(63_214, 41_010, 0), DEFAULTS)))).toBe(
    '63 200 habitants (12 %) à plus de 15 minutes en voiture d’un lieu. 41 000 de plus ont moins de 17,5 h d’ouverture par semaine à portée.',
  );
});

test('names the service and the mode', () => {
  const state = { ...DEFAULTS, service: 'acces-internet', mode: 'bike', minutes: 20 } as const;
  expect(plain(headline(departement(1, 0, 0), state).rest)).toBe(
    ' (< 0,1 %) à plus de 20 minutes à vélo d’un lieu qui propose « Accès internet et matériel informatique ».',
  );
});

test('agrees in number for one person', () => {
  const text = headline(departement(1, 1, 1), DEFAULTS);
  expect(plain(text.figure)).toBe('1 habitant');
  expect(plain(text.more)).toBe(
    '1 de plus a moins de 17,5 h d’ouverture par semaine à portée. Pour 1 autre, les horaires sont inconnus.',
  );
});

test('has no figure to frighten with when nobody is far', () => {
  const text = headline(departement(0, 0, 0), { ...DEFAULTS, mode: 'walk', minutes: 60 });
  expect(text.figure).toBe('');
  expect(plain(spoken(text))).toBe('Tous les habitants sont à 60 minutes au plus, à pied, d’un lieu.');
});
