import { NEED_DEFAULTS } from './need_state.ts';
import { describe, expect, test } from 'vitest';
import { DEFAULTS, formatFragment, HOURS, isUnnamed, MINUTES, MODES, NO_FILTER, parseFragment, sameFilters, sameQuestion, snap, type State, Store, thresholds, withMode } from './state.ts';

const FULL: State = {
  service: 'acces-internet',
  mode: 'walk',
  minutes: 40,
  hours: 0.5,
  rendezVous: true,
  vue: 'moment',
  quand: '6T09:30',
  besoin: NEED_DEFAULTS,
  niveau: 'commune',
  tableau: true,
  dans: 'epci:200072031',
  filtres: { public: 'Seniors (+ 65 ans)', accessibilite: 'Surdité & cie', label: null },
  selection: { kind: 'territoire', id: 'epci:200072031' },
  position: { zoom: 9.25, lat: 49.1935, lon: -3.5169 },
  essai: 'eyJuYW1l-_',
  scenario: 'abc-12',
};

describe('the address', () => {
  test('says nothing of the defaults', () => {
    expect(formatFragment(DEFAULTS)).toBe('');
    expect(parseFragment('')).toEqual(DEFAULTS);
    expect(parseFragment('#')).toEqual(DEFAULTS);
  });

  test('carries every part of the state there and back', () => {
    const fragment = formatFragment(FULL);
    expect(fragment).toBe(
      'service=acces-internet&mode=walk&t=40&h=0.5&rendez_vous=oui&vue=moment&quand=6T09:30&niveau=commune&tableau=1&dans=epci:200072031&public=Seniors%20(%2B%2065%20ans)&accessibilite=Surdit%C3%A9%20%26%20cie&territoire=epci:200072031&pos=9.25/49.1935/-3.5169&scenario=abc-12&essai=eyJuYW1l-_',
    );
    expect(parseFragment(`#${fragment}`)).toEqual(FULL);
  });

  test('tells a trial without a change from no trial, and from the saved scenario', () => {
    expect(formatFragment({ ...DEFAULTS, essai: '' })).toBe('essai=');
    expect(parseFragment('essai=').essai).toBe('');
    expect(parseFragment('t=20').essai).toBeNull();
    expect(formatFragment({ ...DEFAULTS, essai: '', scenario: 'abc' })).toBe('scenario=abc');
    expect(parseFragment('essai=<b>').essai).toBeNull();
  });

  test.each([
    ['zone', '12'],
    ['maille', '80123'],
    ['lieu', 'Médi@line & co / 3'],
    ['territoire', 'secteur:Fère-en-Tardenois'],
  ] as const)('carries a selected %s', (kind, id) => {
    const state: State = { ...DEFAULTS, selection: { kind, id } };
    expect(parseFragment(formatFragment(state))).toEqual(state);
  });

  test('carries what the map of the index shows, in its view alone', () => {
    const besoin = { indice: 'acces_lieux.demarches', par: 'epci', poids: 'fibre:0,publics:2.5', croix: 'densite_niveau', parmi: '5,6,7' } as const;
    const state: State = { ...DEFAULTS, vue: 'ifn', besoin };
    expect(formatFragment(state)).toBe('vue=ifn&indice=acces_lieux.demarches&par=epci&poids=fibre:0,publics:2.5&croix=densite_niveau&parmi=5,6,7');
    expect(parseFragment(formatFragment(state))).toEqual(state);
    expect(formatFragment({ ...state, vue: 'classes' })).toBe('');
  });

  test('a question by timetable has thresholds of its own, which its address leaves out', () => {
    const bus = parseFragment('#mode=transit');
    expect([bus.mode, bus.minutes, bus.hours]).toEqual(['transit', 45, 3.5]);
    expect(formatFragment(bus)).toBe('mode=transit');
    const other: State = { ...bus, minutes: 15, hours: 17.5 };
    expect(formatFragment(other)).toBe('mode=transit&t=15&h=17.5');
    expect(parseFragment(formatFragment(other))).toEqual(other);
  });

  test('choosing timetables moves the thresholds, and leaving them moves these back', () => {
    const edition: State = { ...DEFAULTS, minutes: 20, hours: 10 };
    const bus: State = { ...edition, ...withMode({ ...edition, minutes: 35 }, 'transit', edition) };
    expect([bus.mode, bus.minutes, bus.hours]).toEqual(['transit', 45, 3.5]);
    expect(withMode(bus, 'walk', edition)).toEqual({ mode: 'walk', minutes: 20, hours: 10 });
    expect(withMode({ ...edition, minutes: 35 }, 'bike', edition)).toEqual({ mode: 'bike' });
    for (const mode of MODES) expect(snap(thresholds(mode, edition).minutes, MINUTES), mode).toBe(thresholds(mode, edition).minutes);
  });

  test('leaves out what equals the defaults of the edition', () => {
    const edition: State = { ...DEFAULTS, minutes: 20 };
    expect(formatFragment({ ...edition }, edition)).toBe('');
    expect(formatFragment(DEFAULTS, edition)).toBe('t=15');
    expect(parseFragment('#mode=bike', edition).minutes).toBe(20);
  });

  test.each([
    ['an unknown service', 'service=coiffure'],
    ['an unknown mode', 'mode=plane'],
    ['a cut-off that is no number', 't=vite'],
    ['an empty cut-off', 't='],
    ['an infinite threshold', 'h=Infinity'],
    ['a position with two parts', 'pos=9/49'],
    ['a position in Lambert metres', 'pos=9/6900000/740000'],
    ['a position that is no number', 'pos=9/nord/est'],
    ['a selection without id', 'zone='],
    ['a table limited to what is no EPCI', 'dans=commune:02304'],
    ['weights without a number', 'poids=publics:beaucoup'],
    ['weights that are no list', 'poids=publics:1;fibre:2'],
    ['a level of polygons that has none', 'par=departement'],
    ['a figure that no structure could have', 'indice=../../etc'],
    ['something else altogether', '<script>alert(1)</script>'],
  ])('ignores %s', (_, fragment) => {
    expect(parseFragment(fragment)).toEqual(DEFAULTS);
  });

  test.each([
    ['a cut-off beyond the slider', 't=500', { minutes: 60 }],
    ['a cut-off between two steps', 't=17', { minutes: 15 }],
    ['a threshold with a comma, as the French write it', 'h=7,5', { hours: 7.5 }],
    ['a negative threshold', 'h=-3', { hours: 0 }],
  ])('brings %s to what the slider can show', (_, fragment, expected) => {
    expect(parseFragment(fragment)).toMatchObject(expected);
  });
});

test('snap keeps every value a slider can take', () => {
  for (const range of [MINUTES, HOURS]) {
    for (let value = range.min; value <= range.max; value += range.step) expect(snap(value, range)).toBe(value);
  }
});

test('the same question is asked whatever is shown of it', () => {
  expect(sameQuestion(DEFAULTS, { ...DEFAULTS, vue: 'temps', tableau: true })).toBe(true);
  expect(sameQuestion(DEFAULTS, { ...DEFAULTS, hours: 10 })).toBe(false);
});

test('what stands out on the map is another thing than the question', () => {
  const filtered = { ...DEFAULTS, filtres: { ...NO_FILTER, label: 'Aidants Connect' } };
  expect(sameQuestion(DEFAULTS, filtered)).toBe(true);
  expect(sameFilters(DEFAULTS.filtres, filtered.filtres)).toBe(false);
  expect(sameQuestion(DEFAULTS, { ...DEFAULTS, rendezVous: true })).toBe(false);
  expect(parseFragment('label=%20&public=')).toEqual(DEFAULTS);
  expect(parseFragment('rendez_vous=peut-être').rendezVous).toBe(false);
  expect(parseFragment(`label=${'x'.repeat(999)}`).filtres.label).toHaveLength(120);
});

test('a service of no lieu is unnamed, but any of them is not, nor is what the edition does not list', () => {
  const edition = { params: { services: [{ code: 'acces-internet', lieux: 3 }, { code: 'loisirs-creations', lieux: 0 }] } };
  expect(isUnnamed(edition, 'loisirs-creations')).toBe(true);
  for (const service of ['acces-internet', 'tous', 'maitrise-outils'] as const) expect(isUnnamed(edition, service)).toBe(false);
  expect(isUnnamed(undefined, 'loisirs-creations')).toBe(false);
});

test('a store tells the new state and the one before', () => {
  const store = new Store(DEFAULTS);
  const heard: [number, number][] = [];
  store.subscribe((state, previous) => heard.push([state.minutes, previous.minutes]));
  store.update({ minutes: 30 });
  store.update({ minutes: 45 });
  expect(heard).toEqual([[30, 15], [45, 30]]);
  expect(store.state).toEqual({ ...DEFAULTS, minutes: 45 });
});
