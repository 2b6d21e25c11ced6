import { expect, test } from 'vitest';
import type { Gap } from '../shared/api.ts';
import { sorted } from './table.ts';

const gap = (nom: string, rank: number, score?: number): Gap => (({
  type: 'commune',
  code: nom,
  nom,
  population: rank * 10,
  classes: { couverte: rank * 10, grise: 0, blanche: 0, inconnue: 0 },
  rank,
  ...(score === undefined ? {} : { ifn: { score, completeness: 1 } }),
}) as Partial<Gap> as Gap);

const rows = [gap('Étréaupont', 3, 5), gap('Fère-en-Tardenois', 1), gap('Eppes', 2, 7)];
const names = (list: readonly Gap[]) => list.map(({ nom }) => nom);

test('names are sorted as in a French dictionary', () => {
  expect(names(sorted(rows, 'nom', 'ascending'))).toEqual(['Eppes', 'Étréaupont', 'Fère-en-Tardenois']);
});

test('the unknown come last whichever way', () => {
  expect(names(sorted(rows, 'ifn', 'ascending'))).toEqual(['Étréaupont', 'Eppes', 'Fère-en-Tardenois']);
  expect(names(sorted(rows, 'ifn', 'descending'))).toEqual(['Eppes', 'Étréaupont', 'Fère-en-Tardenois']);
});

test('equal rows are in the order of names both ways', () => {
  expect(names(sorted(rows, 'blanche', 'descending'))).toEqual(names(sorted(rows, 'blanche', 'ascending')));
});

test('sorting leaves the rows it was given alone', () => {
  sorted(rows, 'rank', 'ascending');
  expect(names(rows)).toEqual(['Étréaupont', 'Fère-en-Tardenois', 'Eppes']);
});
