import { describe, expect, test } from 'vitest';
import type { Bands } from './api.ts';
import { band, decodeColumn, NO_VALUE, paintCodes, peopleByCode, peopleOfCells, rowCount } from './columns.ts';
import {
  ACT_FIRST,
  ACT_NONE,
  ACT_UNKNOWN,
  CLASS_CODES,
  HOURS_BOUNDS,
  HOURS_FIRST,
  HOURS_NO_LIEU,
  HOURS_UNKNOWN,
  IFN_FIRST,
  IFN_UNKNOWN,
  TIME_BOUNDS,
  TIME_FIRST,
  TIME_NONE,
  TRANSPARENT,
} from './palette.ts';

const { couverte, blanche, inconnue } = CLASS_CODES;

describe('a column', () => {
  test('is read little-endian', () => {
    const bytes = Uint8Array.of(0x96, 0x00, 0xff, 0xff, 0x01, 0x02);
    expect([...decodeColumn('minutes', bytes.buffer, 3)]).toEqual([150, NO_VALUE, 513]);
    expect([...decodeColumn('personnes', Uint8Array.of(0x40, 0xe2, 0x01, 0x00).buffer, 1)]).toEqual([123_456]);
    expect([...decodeColumn('classe', Uint8Array.of(0, 1, 2, 3, 4).buffer, 5)]).toEqual([0, 1, 2, 3, 4]);
  });

  test.each([
    ['cut short', 'minutes', 5],
    ['of another edition, with a row more', 'minutes', 8],
    ['empty', 'classe', 0],
  ] as const)('%s is refused', (_, mesure, bytes) => {
    expect(() => decodeColumn(mesure, new ArrayBuffer(bytes), 3)).toThrow(`column ${mesure}: ${bytes} bytes; 3 rows of`);
  });

  test('has the rows of all resolutions', () => {
    const pyramid = [
      { resolution: 6, first: 0, count: 4 },
      { resolution: 7, first: 4, count: 20 },
    ];
    expect(rowCount(pyramid)).toBe(24);
    expect(rowCount([])).toBe(0);
  });
});

describe('a band', () => {
  test('holds its upper bound when the cut-off does', () => {
    expect([0, 5, 5.1, 15, 60, 60.1].map((value) => band(value, TIME_BOUNDS, true))).toEqual([0, 0, 1, 2, 6, 7]);
  });

  test('holds its lower bound when the threshold does', () => {
    expect([0, 4.9, 5, 17.4, 17.5, 35, 168].map((value) => band(value, HOURS_BOUNDS, false))).toEqual([0, 0, 1, 2, 3, 5, 5]);
  });
});

describe('paint codes', () => {
  const classe = Uint8Array.of(0, couverte, blanche, inconnue);

  test('are the classes themselves', () => {
    expect([...paintCodes({ vue: 'classes', classe })]).toEqual([TRANSPARENT, couverte, blanche, inconnue]);
  });

  test('never colour a cell where nobody lives', () => {
    const values = Uint16Array.of(100, 100, 100, 100);
    for (const vue of ['temps', 'heures', 'ifn', 'agir'] as const) {
      expect(paintCodes({ vue, classe, values })[0]).toBe(TRANSPARENT);
    }
  });

  test('tell no time from a short time', () => {
    const values = Uint16Array.of(NO_VALUE, 0, 300, NO_VALUE);
    expect([...paintCodes({ vue: 'temps', classe, values })]).toEqual([TRANSPARENT, TIME_FIRST, TIME_FIRST + 4, TIME_NONE]);
  });

  test('tell unknown hours from no lieu at all, and both from never open', () => {
    for (const nothing of [0, NO_VALUE]) {
      const values = Uint16Array.of(NO_VALUE, 0, nothing, NO_VALUE);
      expect([...paintCodes({ vue: 'heures', classe, values })]).toEqual([TRANSPARENT, HOURS_FIRST, HOURS_NO_LIEU, HOURS_UNKNOWN]);
    }
  });

  test('keep the hours that some people of a blanche cell do have', () => {
    const values = Uint16Array.of(NO_VALUE, 0, 60, 0);
    expect(paintCodes({ vue: 'heures', classe, values })[2]).toBe(HOURS_FIRST + 1);
  });

  test('hatch an unknown index', () => {
    const values = Uint16Array.of(0, 42, NO_VALUE, 80);
    expect([...paintCodes({ vue: 'ifn', classe, values, ifnBounds: [4, 6] })]).toEqual([
      TRANSPARENT,
      IFN_FIRST + 1,
      IFN_UNKNOWN,
      IFN_FIRST + 2,
    ]);
  });
});

test('where to act first tells nobody from unknown, and a bound is in the band above it', () => {
  const classe = Uint8Array.of(0, couverte, inconnue, blanche, blanche, blanche);
  const values = Uint16Array.of(NO_VALUE, 0, NO_VALUE, 1, 10, 9999);
  expect([...paintCodes({ vue: 'agir', classe, values })]).toEqual([TRANSPARENT, ACT_NONE, ACT_UNKNOWN, ACT_FIRST, ACT_FIRST + 1, ACT_FIRST + 5]);
});

test('people are counted once, in the finest cells', () => {
  const pyramid = [{ resolution: 8, first: 0, count: 2 }, { resolution: 9, first: 2, count: 4 }];
  const codes = Uint8Array.of(ACT_FIRST, ACT_NONE, ACT_FIRST, TRANSPARENT, ACT_FIRST, ACT_UNKNOWN);
  const people = Uint32Array.of(900, 900, 5, 0, 7, 11);
  expect([...peopleOfCells(codes, people, pyramid)]).toEqual([[ACT_FIRST, 12], [ACT_UNKNOWN, 11]]);
});

test('the legend has the people of every band, as the server counts them', () => {
  const bands = {
    minutes: { bounds: [5], people: [3, 4], unknown: 2 },
    heures: { bounds: [5], people: [1, 2], unknown: 5, nothing: 1 },
    ifn: { bounds: [], people: [8], unknown: 1 },
  } as unknown as Bands;
  expect([...peopleByCode('temps', bands)]).toEqual([[TIME_FIRST, 3], [TIME_FIRST + 1, 4], [TIME_NONE, 2]]);
  expect([...peopleByCode('heures', bands)]).toEqual([[HOURS_FIRST, 1], [HOURS_FIRST + 1, 2], [HOURS_UNKNOWN, 5], [HOURS_NO_LIEU, 1]]);
  expect([...peopleByCode('ifn', bands)]).toEqual([[IFN_FIRST, 8], [IFN_UNKNOWN, 1]]);
});
