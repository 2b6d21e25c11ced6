import { describe, expect, it } from 'vitest';
import type { Index } from '../shared/api.ts';
import { shares } from './fragility.ts';

const index: Index = {
  edition: 'e',
  level: 'epci',
  structure: 's',
  draws: 0,
  method: 'percentile',
  formula: '',
  ranked: 2,
  min_completeness: 0.3,
  variables: [
    { id: 'fibre', nom: 'Fibre', sub_index: 'amenagement', weight: 1, unit: '%', direction: 1, known: 2 },
    { id: 'lieux', nom: 'Lieux', sub_index: 'amenagement', weight: 1, unit: 'min', direction: 1, known: 2, parts: [
      { id: 'competences', nom: 'Temps : compétences', sub_index: 'amenagement', weight: 0.5, unit: 'min', direction: 1, known: 2 },
      { id: 'demarches', nom: 'Temps : démarches', sub_index: 'amenagement', weight: 0.5, unit: 'min', direction: 1, known: 2 },
    ] },
    { id: 'pauvrete', nom: 'Pauvreté', sub_index: 'publics', weight: 1, unit: '% de la population', direction: 1, known: 2 },
    { id: 'neet', nom: 'Jeunes', sub_index: 'publics', weight: 1, unit: '%', direction: 1, known: 2 },
    { id: 'retiree', nom: 'Retirée', sub_index: 'publics', weight: 0, unit: '%', direction: 1, known: 2 },
  ],
  rows: [],
};

describe('the shares of an index', () => {
  const row = {
    code: '1',
    nom: 'Un',
    score: 5.25,
    completeness: 0.75,
    points: { fibre: 2, lieux: 9, pauvrete: 5 },
    contributions: { fibre: 0.5, lieux: 2.25, pauvrete: 2.5, retiree: 0 },
    values: { fibre: 0, 'lieux.demarches': 12.34, pauvrete: 21 },
    sentence: '',
  };
  const groups = shares(index, row);

  it('are grouped by sub-index, the largest first', () => {
    expect([...groups].map(([id, group]) => [id, group.map(({ variable }) => variable.id)])).toEqual([
      ['amenagement', ['lieux', 'fibre']],
      ['publics', ['pauvrete']],
    ]);
  });

  it('add up to the score', () => {
    expect([...groups.values()].flat().reduce((sum, { adds }) => sum + adds, 0)).toBe(row.score);
  });

  it('have their values with units, a known zero included, an unknown part left out', () => {
    const [lieux, fibre] = groups.get('amenagement') ?? [];
    expect(fibre?.values).toEqual(['0\u202f%']);
    expect(lieux?.values).toEqual(['démarches\u00a0: 12,3\u00a0min']);
  });

  it('are none without a score', () => {
    expect(shares(index, { code: '2', nom: 'Deux', completeness: 0.1, points: { fibre: 1 }, values: {}, sentence: '' }).size).toBe(0);
  });
});
