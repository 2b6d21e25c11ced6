import { expect, test } from 'vitest';
import { byDay, rests } from './trips.ts';
import type { Trips, Visit } from './shapes.ts';

const way = (modelise = false) => ({ depart: '08:30', arrivee: '09:00', marches_min: [4, 6], trajets: [{ ligne: '4', de: 'Église', a: 'Gare', depart: '08:34', arrivee: '08:54', modelise }], sentence: '' });
const visit = (jour: number, depart: string, modelise = false): Visit => ({
  jour,
  semaines: [1, 3],
  semaines_texte: 'semaines 1 et 3 sur 4',
  dates: [],
  sur_place_de: '09:00',
  sur_place_a: '11:00',
  aller: { ...way(), depart },
  retour: way(modelise),
  sentence: '',
});

test('visits are told by weekday, in the order in which they come', () => {
  const visits = [visit(1, '08:30'), visit(1, '10:00'), visit(3, '08:30')];
  expect(byDay(visits).map(({ day, visits: those }) => [day, those.length])).toEqual([
    [1, 2],
    [3, 1],
  ]);
  expect(byDay([])).toEqual([]);
});

test('a way back that is modelled makes the trips modelled', () => {
  const trips = (visites: readonly Visit[]): Trips => ({
    edition: '', row: 1, service: 'tous', cutoff_min: 45, from: '2025-09-08', to: '2025-10-05', autres_lieux: 0, sentence: '', modelled: [],
    lieux: [{ id: 'a', nom: 'A', minutes: 30, hours_week: 3, a_pied: false, autres_visites: 0, visites }],
  });
  expect(rests(trips([visit(1, '08:30')]))).toBe(false);
  expect(rests(trips([visit(1, '08:30'), visit(2, '08:30', true)]))).toBe(true);
});
