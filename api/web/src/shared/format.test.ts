import { describe, expect, test } from 'vitest';
import * as format from './format.ts';

// Narrow no-break space and no-break space, spelt out where they matter.
const N = '\u202f';
const B = '\u00a0';

test.each([
  [0, 'habitant'],
  [1, 'habitant'],
  [1.9, 'habitant'],
  [2, 'habitants'],
  [63_200, 'habitants'],
])('plural of %d', (value, expected) => {
  expect(format.plural(value, 'habitant', 'habitants')).toBe(expected);
});

test('people have narrow spaces between thousands and agree in number', () => {
  expect(format.people(63_214)).toBe(`63${N}214${B}habitants`);
  expect(format.people(1)).toBe(`1${B}habitant`);
  expect(format.people(1_234_567)).toBe(`1${N}234${N}567${B}habitants`);
});

describe('a share', () => {
  test.each([
    ['a usual one', 63_200, 527_468, `12${N}%`],
    ['a decimal above ten too', 67_984, 527_468, `12,9${N}%`],
    ['a whole one has no decimal', 8, 100.5, `8${N}%`],
    ['below ten with a decimal', 3_456, 100_000, `3,5${N}%`],
    ['nobody', 0, 100, `0${N}%`],
    ['one person in a département is not 0 %', 1, 527_468, `<${N}0,1${N}%`],
    ['all but one is not 100 %', 527_467, 527_468, `>${N}99,9${N}%`],
    ['everybody', 100, 100, `100${N}%`],
    ['near all', 995, 1_000, `99,5${N}%`],
    ['of nobody', 0, 0, ''],
  ])('%s', (_, part, whole, expected) => {
    expect(format.share(part, whole)).toBe(expected);
  });
});

test.each([
  [0, `0${B}min`],
  [4.26, `4,3${B}min`],
  [9.97, `10${B}min`],
  [14.5, `14,5${B}min`],
  [15, `15${B}min`],
  [65, `65${B}min`],
])('%d minutes', (value, expected) => {
  expect(format.minutes(value)).toBe(expected);
});

test('units', () => {
  expect(format.minutesInWords(1)).toBe(`1${B}minute`);
  expect(format.minutesInWords(15)).toBe(`15${B}minutes`);
  expect(format.hours(17.5)).toBe(`17,5${B}h`);
  expect(format.hours(20)).toBe(`20${B}h`);
  expect(format.decimal(4)).toBe('4,0');
  expect(format.squareKilometres(12.345)).toBe(`12,3${B}km²`);
  expect(format.squareKilometres(459.2)).toBe(`459${B}km²`);
});

test.each([
  ['+33323264000', `03${B}23${B}26${B}40${B}00`],
  ['+33 (0)3 23 26 40 00', `03${B}23${B}26${B}40${B}00`],
  ['03.23.26.40.00', `03${B}23${B}26${B}40${B}00`],
  ['3949', '3949'],
  ['+32 2 555 12 12', '+32 2 555 12 12'],
])('telephone %s', (text, expected) => {
  expect(format.telephone(text)).toBe(expected);
});

test('dates and lists', () => {
  expect(format.date('2024-08-01')).toBe('1 août 2024');
  expect(format.date('2021-12-31T23:30:00Z')).toBe('31 décembre 2021');
  expect(format.date('vers 2019')).toBe('vers 2019');
  expect(format.list(['contours', 'routes', 'tournées'])).toBe('contours, routes et tournées');
  expect(format.list(['routes'])).toBe('routes');
});
