import { expect, test } from 'vitest';
import type { Edition, Gap } from '../shared/api.ts';
import { entriesOf, modelledNames } from './legend.ts';
import { COLOURS } from '../shared/palette.ts';
import { DEFAULTS, VIEWS } from '../shared/state.ts';

const departement = {
  type: 'departement',
  code: '02',
  nom: 'Aisne',
  population: 100,
  grise_without_hours: 7,
  classes: { couverte: 50, grise: 30, blanche: 15, inconnue: 5 },
} as Partial<Gap> as Gap;

test('every entry of every view has the colour the map paints', () => {
  for (const vue of VIEWS) {
    for (const { code, label } of entriesOf({ ...DEFAULTS, vue }, { departement, ifnBounds: [3, 4.5] })) {
      expect(COLOURS.has(code), `${vue}: ${label}`).toBe(true);
    }
  }
});

test('by timetable, classes say that one has to come home, and who finds no hour', () => {
  const note = (mode: 'transit' | 'walk') => entriesOf({ ...DEFAULTS, mode }, { departement }).find(({ people }) => people === 30)?.note ?? '';
  expect(note('transit')).toContain('rentrer');
  expect(note('transit')).toContain('dont 7');
  expect(note('walk')).not.toMatch(/rentrer|dont/);
});

test('classes carry the exact people of the département', () => {
  const entries = entriesOf(DEFAULTS, { departement });
  expect(entries.map(({ people }) => people)).toEqual([15, 30, 5, 50]);
  expect(entries.reduce((sum, { people }) => sum + (people ?? 0), 0)).toBe(departement.population);
});

test('other views say nothing of people before they are counted, and zero only after', () => {
  const temps = { ...DEFAULTS, vue: 'temps' } as const;
  expect(entriesOf(temps, { departement }).every(({ people }) => people === undefined)).toBe(true);
  const counted = entriesOf(temps, { departement, peopleByCode: new Map([[10, 42]]) });
  expect(counted.map(({ people }) => people)).toEqual([42, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test('bands of the index are written with their bounds', () => {
  const labels = entriesOf({ ...DEFAULTS, vue: 'ifn' }, { departement, ifnBounds: [3, 4.5] }).map(({ label }) => label);
  expect(labels).toEqual(['moins de 3,0', '3,0 à 4,5', '4,5 ou plus', 'Indice inconnu']);
});

test('what is modelled is named once', () => {
  const modelled = [
    'Réseau routier modélisé : graphe entre communes, pas les routes réelles',
    'Répartition de la population modélisée : le long des rues',
    'Répartition de la population modélisée : autrement',
    'Tournées des bus modélisées',
  ];
  expect(modelledNames({ modelled } as unknown as Edition)).toEqual([
    'réseau routier',
    'répartition de la population',
    'tournées des bus',
  ]);
  expect(modelledNames({} as Edition)).toEqual([]);
});
