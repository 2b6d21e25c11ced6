import { describe, expect, test } from 'vitest';
import type { LieuFeature } from '../shared/api.ts';
import { NO_FILTER } from '../shared/state.ts';
import { choices, matching } from './filters.ts';

const feature = (id: string, told: Partial<LieuFeature['properties']>): LieuFeature =>
  ({ id, properties: { id, kind: 'lieu', nom: id, ...told } }) as Partial<LieuFeature> as LieuFeature;

const LIEUX = [
  feature('a', { dispositif: 'France Services|Aidants Connect', publics: ['Seniors (+ 65 ans)'], prise_en_charge: ['Surdité'] }),
  feature('b', { labels: ['Aidants Connect'], publics: ['Jeunes (16-26 ans)'], acces_libre: 'https://acceslibre.beta.gouv.fr/app/1/' }),
  feature('c', { dispositif: 'France Services', autres_labels: ['France Services'] }),
  feature('bus', { itinerant: true, dispositif: 'Aidants Connect' }),
  feature('bus#1', { kind: 'arret', dispositif: 'Aidants Connect' }),
  feature('bus#2', { kind: 'arret', dispositif: 'Aidants Connect' }),
  feature('biblio', {}),
];

describe('the choices', () => {
  test('count each lieu once, whatever its stops and however often it says the same', () => {
    expect(choices('label', LIEUX)).toEqual([['Aidants Connect', 3], ['France Services', 2]]);
  });

  test('of accessibility have what the lieu says and its record', () => {
    expect(choices('accessibilite', LIEUX)).toEqual([['Fiche Accès libre', 1], ['Surdité', 1]]);
  });
});

describe('what matches', () => {
  test('is everything when nothing is asked for', () => {
    expect(matching(NO_FILTER, LIEUX)).toEqual({ ids: null, found: 5, silent: 0, all: 5 });
  });

  test('has the stops of a bus, and tells who is silent from who is not it', () => {
    expect(matching({ ...NO_FILTER, label: 'Aidants Connect' }, LIEUX)).toEqual({ ids: ['a', 'b', 'bus', 'bus#1', 'bus#2'], found: 3, silent: 1, all: 5 });
  });

  test('is all of what is asked for', () => {
    expect(matching({ public: 'Seniors (+ 65 ans)', accessibilite: null, label: 'Aidants Connect' }, LIEUX).ids).toEqual(['a']);
  });

  test('does not depend on accents and case, which links lose', () => {
    expect(matching({ ...NO_FILTER, accessibilite: 'surdite' }, LIEUX).ids).toEqual(['a']);
  });

  test('is nothing for what no lieu says', () => {
    expect(matching({ ...NO_FILTER, public: 'Marins' }, LIEUX)).toEqual({ ids: [], found: 0, silent: 3, all: 5 });
  });
});
