import { describe, expect, test } from 'vitest';
import {
  type Action,
  appended,
  decode,
  encode,
  MOST_CHARACTERS,
  moved,
  readScenario,
  reordered,
  rounded,
  type Scenario,
  sendable,
  servicesOf,
  settledOn,
  visitOf,
  WEEKS,
  weekOf,
  whenOf,
} from './scenario.ts';
import { SERVICES } from '../shared/state.ts';

const LIEU: Action = { do: 'add_lieu', nom: 'Médiathèque – « l’Été »', lon: 3.51, lat: 49.19, services: ['tous'], horaires: WEEKS.complet };
const SCENARIO: Scenario = { name: 'Essai à Fère', actions: [LIEU, { do: 'close_lieu', id: 'mairie#3' }] };

describe('a scenario in the address', () => {
  test('comes back as it was, accents included', () => {
    const text = encode(SCENARIO) ?? '';
    expect(text).toMatch(/^[\w-]+$/);
    expect(decode(text)).toEqual(SCENARIO);
  });

  test('is left out when it is too long', () => {
    const stops = Array.from({ length: 40 }, (_, rank) => ({ nom: `Arrêt ${rank}`, lon: 3, lat: 49, when: 'Tu 09:00-12:00' }));
    expect(encode(appended(SCENARIO, { do: 'add_tournee', services: ['tous'], stops }))).toBeUndefined();
    expect((encode(SCENARIO) ?? '').length).toBeLessThan(MOST_CHARACTERS);
  });

  test.each([
    ['cut', (encode(SCENARIO) ?? '').slice(0, -8)],
    ['not base64', '%%%'],
    ['not JSON', btoa('bonjour')],
    ['not UTF-8', btoa('"\xff\xfe"').replaceAll('=', '')],
    ['empty', ''],
  ])('%s is no scenario', (_, text) => expect(decode(text)).toBeUndefined());
});

test.each([
  ['no list of actions', { name: 'x' }],
  ['an unknown verb', { actions: [{ do: 'burn_lieu', id: 'a' }] }],
  ['a lieu without a place', { actions: [{ do: 'add_lieu', services: [] }] }],
  ['a closure of nothing', { actions: [{ do: 'close_lieu' }] }],
  ['a stop at no place', { actions: [{ do: 'add_tournee', services: [], stops: [{ nom: 'a', lon: 'b', lat: 2 }] }] }],
  ['null', null],
])('%s is refused', (_, value) => expect(readScenario(value)).toBeUndefined());

test('positions keep a metre', () => expect(rounded([3.123456789, -49.000004])).toEqual({ lon: 3.12346, lat: -49 }));

test('the last word on a lieu counts', () => {
  const move: Action = { do: 'move_lieu', id: 'mairie', lon: 3, lat: 49 };
  const once = settledOn(SCENARIO, move);
  expect(once.actions).toHaveLength(3);
  expect(settledOn(once, { ...move, lon: 4 }).actions).toEqual([...SCENARIO.actions, { ...move, lon: 4 }]);
  expect(settledOn(once, { ...move, id: 'école' }).actions).toHaveLength(4);
});

test('a tournée without stops is not sent', () => {
  const drawn = appended(SCENARIO, { do: 'add_tournee', services: ['tous'], stops: [] });
  expect(sendable(drawn).actions).toEqual(SCENARIO.actions);
});

test('a dragged stop moves alone', () => {
  const stop = { nom: 'A', lon: 3, lat: 49, when: 'Tu 09:00-12:00' };
  const tour: Action = { do: 'add_tournee', services: ['tous'], stops: [stop, { ...stop, nom: 'B' }] };
  expect(moved(tour, [3.5, 49.5], 1)).toEqual({ ...tour, stops: [stop, { ...stop, nom: 'B', lon: 3.5, lat: 49.5 }] });
});

test('a list is reordered both ways', () => {
  expect(reordered(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(reordered(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'c', 'b']);
});

test('hours are written and read back', () => {
  expect(whenOf({ day: 'Tu', moment: 'matin', rhythm: 'impaires' })).toBe('week 1-53/2 Tu 09:00-12:00');
  expect(visitOf('week 2-53/2 Fr 14:00-17:00')).toEqual({ day: 'Fr', moment: 'apres-midi', rhythm: 'paires' });
  expect(visitOf('Mo 08:00-09:00')).toBeUndefined();
  expect(weekOf('Mo-Fr 09:00-12:30')).toBe('matins');
  expect(weekOf('Mo 09:00-12:30')).toBeUndefined();
});

test('all nine services are said in one word', () => {
  expect(servicesOf([...SERVICES])).toEqual(['tous']);
  expect(servicesOf(['acces-internet'])).toEqual(['acces-internet']);
});
