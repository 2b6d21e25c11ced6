import { expect, test } from 'vitest';
import { territoires } from '../panel/search.ts';
import { levelName, type Levels, offered, typeName } from './levels.ts';
import { DEFAULTS, parseFragment } from './state.ts';

const LEVELS: Levels = [
  { type: 'commune', label: 'Commune', plural: 'Communes' },
  { type: 'epci', label: 'Intercommunalité', plural: 'EPCI' },
  { type: 'secteur', label: 'Secteur', plural: 'Secteurs' },
  { type: 'canton', label: 'Canton', plural: 'Cantons' },
  { type: 'zone-emploi', label: 'Zone d’emploi', plural: 'Zones d’emploi' },
  { type: 'departement', label: 'Département', plural: 'Départements' },
];

test('the table offers every level of the edition but the département, communes last', () => {
  expect(offered(LEVELS)).toEqual(['epci', 'secteur', 'canton', 'zone-emploi', 'commune']);
});

test('types have the words of the page, else those of the edition, else their own', () => {
  expect(LEVELS.map(({ type }) => typeName(type, LEVELS))).toEqual(['Commune', 'Intercommunalité (EPCI)', 'Secteur', 'Canton', 'Zone d’emploi', 'Département']);
  expect(offered(LEVELS).map((type) => levelName(type, LEVELS))).toEqual(['EPCI', 'Secteurs', 'Cantons', 'Zones d’emploi', 'Communes']);
  expect([typeName('canton', []), levelName('canton', [])]).toEqual(['canton', 'canton']);
});

test('an address keeps a level of the edition, and ignores one that it does not have', () => {
  expect(parseFragment('niveau=canton').niveau).toBe('canton'); // nobody knows yet
  expect(parseFragment('niveau=canton', DEFAULTS, offered(LEVELS)).niveau).toBe('canton');
  for (const level of ['pays', 'departement', 'bassin-de-vie']) expect(parseFragment(`niveau=${level}`, DEFAULTS, offered(LEVELS)).niveau).toBe(DEFAULTS.niveau);
  expect(parseFragment('niveau=<b>').niveau).toBe(DEFAULTS.niveau);
});

test('the search knows territoires of every type, asked for by type, four types at a time', async () => {
  const many: Levels = [...LEVELS, ...['pays', 'quartier', 'arrondissement'].map((type) => ({ type, label: type, plural: type }))];
  const asked: string[] = [];
  let under = 0;
  let most = 0;
  const found = await territoires({
    getEdition: async () => ({ levels: many }) as never,
    getTerritoires: async (type) => {
      asked.push(type);
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, type === 'commune' ? 5 : 1));
      under--;
      return [{ type, code: '0201', nom: 'Laon' }] as never;
    },
  });
  expect(asked.toSorted()).toEqual(['arrondissement', 'canton', 'commune', 'epci', 'pays', 'quartier', 'secteur', 'zone-emploi']);
  expect(most).toBe(4);
  expect(found.map(({ selection }) => selection.id).slice(0, 4)).toEqual(['commune:0201', 'epci:0201', 'secteur:0201', 'canton:0201']);
  expect(found[3]).toEqual({ nom: 'Laon', beside: '', kind: 'Canton', selection: { kind: 'territoire', id: 'canton:0201' } });
});
