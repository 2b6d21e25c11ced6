import { expect, test } from 'vitest';
import { matches, ranked, placed } from './names.ts';

test('a name is told with its commune unless it says it', () => {
  expect(placed({ nom: 'Bibliothèque municipale', commune: 'La Capelle' })).toBe('Bibliothèque municipale (La Capelle)');
  expect(placed({ nom: 'Mediatheque de Fere en Tardenois', commune: 'Fère-en-Tardenois' })).toBe('Mediatheque de Fere en Tardenois');
  expect(placed({ nom: 'Médiathèque' })).toBe('Médiathèque');
});

test.each([
  ['fere en tard', true],
  ['FÈRE-EN', true],
  ['  fère ', true],
  ['', true],
  ['ferre', false],
])('"%s" finds Fère-en-Tardenois: %s', (search, found) => {
  expect(matches('Fère-en-Tardenois', search)).toBe(found);
});

const places = [
  { nom: 'Tergnier', beside: '' },
  { nom: 'Mairie', beside: '1 rue de la Fère, Laon' },
  { nom: 'Chauffère', beside: '' },
  { nom: 'CA Chauny-Tergnier-La Fère', beside: '' },
  { nom: 'Fère-en-Tardenois', beside: '' },
  { nom: 'La Fère', beside: '' },
];
const found = (search: string, most = 9) => ranked(places, search, most).map(({ nom }) => nom);

test('names that begin so come first, then words, then the rest, then what is beside', () => {
  expect(found('fère')).toEqual(['Fère-en-Tardenois', 'CA Chauny-Tergnier-La Fère', 'La Fère', 'Chauffère', 'Mairie']);
  expect(found('fère', 2)).toEqual(['Fère-en-Tardenois', 'CA Chauny-Tergnier-La Fère']);
});

test('nothing is found by nothing', () => {
  expect(found('  ')).toEqual([]);
  expect(found('zzz')).toEqual([]);
});
