/**
 * Columns of the cell pyramid: one value per row, as `/api/v1/acces` sends
 * them (little-endian, no header), and how they become paint codes.
 *
 * A row means the same cell in every column, in the tiles and in the details,
 * as long as the edition is the same.
 */
import type { Bands, ColumnName, Edition } from './api.ts';

/** One resolution of the cell pyramid: its rows are `first` to `first + count − 1`. */
type PyramidLevel = Edition['cells'][number];
import {
  ACT_BOUNDS,
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
  MOMENT_BASE,
  TIME_BOUNDS,
  TIME_FIRST,
  TIME_NONE,
  TRANSPARENT,
} from './palette.ts';
import type { View } from './state.ts';

/** "No value" of the 16-bit columns. */
export const NO_VALUE = 65535;

/** 16-bit columns count tenths of their unit. */
const TENTHS = 10;

const BYTES: Readonly<Record<ColumnName, 1 | 2 | 4>> = { classe: 1, minutes: 2, heures: 2, personnes: 4, ifn: 2, ouvert: 1, agir: 2 };

export type Column = Uint8Array | Uint16Array | Uint32Array;

/** The number of rows of all resolutions together. */
export function rowCount(pyramid: readonly PyramidLevel[]): number {
  return pyramid.reduce((rows, level) => Math.max(rows, level.first + level.count), 0);
}

/** Reads a column; throws when its length is not that of `rows` values, as a truncated reply would be. */
export function decodeColumn(mesure: ColumnName, buffer: ArrayBuffer, rows: number): Column {
  const width = BYTES[mesure];
  if (buffer.byteLength !== rows * width) {
    throw new Error(`column ${mesure}: ${buffer.byteLength} bytes; ${rows} rows of ${width} expected`);
  }
  // Every machine that runs a browser today is little-endian, as the column is.
  switch (width) {
    case 1:
      return new Uint8Array(buffer);
    case 2:
      return new Uint16Array(buffer);
    case 4:
      return new Uint32Array(buffer);
  }
}

/** The band of `value`: how many `bounds` it has passed. A bound itself is in the band below when `inclusive`. */
export function band(value: number, bounds: readonly number[], inclusive: boolean): number {
  let index = 0;
  for (const bound of bounds) {
    if (inclusive ? value <= bound : value < bound) break;
    index += 1;
  }
  return index;
}

/** What a view needs to paint: always the classes, and the column of its own measure. */
export interface Painting {
  readonly vue: View;
  readonly classe: Column;
  readonly values?: Column;
  readonly ifnBounds?: readonly number[];
}

export const VIEW_COLUMN: Readonly<Record<View, ColumnName>> = {
  classes: 'classe',
  temps: 'minutes',
  heures: 'heures',
  moment: 'ouvert',
  ifn: 'ifn',
  agir: 'agir',
};

/** One paint code per row. Rows nobody lives in stay transparent in every view. */
export function paintCodes({ vue, classe, values, ifnBounds: bounds = [] }: Painting): Uint8Array {
  const codes = new Uint8Array(classe.length);
  for (let row = 0; row < classe.length; row += 1) {
    const classCode = classe[row] ?? TRANSPARENT;
    if (classCode === TRANSPARENT) continue;
    if (vue === 'moment') codes[row] = MOMENT_BASE + (values?.[row] ?? 0);
    else codes[row] = vue === 'classes' ? classCode : bandCode(vue, classCode, values?.[row] ?? NO_VALUE, bounds);
  }
  return codes;
}

function bandCode(vue: Exclude<View, 'classes' | 'moment'>, classCode: number, tenths: number, bounds: readonly number[]): number {
  const known = tenths !== NO_VALUE;
  const value = tenths / TENTHS;
  switch (vue) {
    case 'temps':
      return known ? TIME_FIRST + band(value, TIME_BOUNDS, true) : TIME_NONE;
    case 'heures':
      // No hours because no lieu is within reach is another thing than a lieu that hardly opens.
      if (classCode === CLASS_CODES.blanche && (!known || tenths === 0)) return HOURS_NO_LIEU;
      return known ? HOURS_FIRST + band(value, HOURS_BOUNDS, false) : HOURS_UNKNOWN;
    case 'ifn':
      return known ? IFN_FIRST + band(value, bounds, false) : IFN_UNKNOWN;
    case 'agir':
      if (!known) return ACT_UNKNOWN;
      return tenths === 0 ? ACT_NONE : ACT_FIRST + band(value, ACT_BOUNDS, false);
  }
}

/**
 * People by paint code, for the legend, as the server counts them: where they live. A cell has the
 * mean of its people, and its colour is not that of all of them.
 */
export function peopleByCode(vue: 'temps' | 'heures' | 'ifn', { minutes, heures, ifn }: Bands): Map<number, number> {
  const [{ people, unknown }, first, apart] = (
    { temps: [minutes, TIME_FIRST, TIME_NONE], heures: [heures, HOURS_FIRST, HOURS_UNKNOWN], ifn: [ifn, IFN_FIRST, IFN_UNKNOWN] } as const
  )[vue];
  const counted = new Map<number, number>(people.map((count, index) => [first + index, count]));
  counted.set(apart, unknown);
  if (vue === 'heures') counted.set(HOURS_NO_LIEU, heures.nothing ?? 0);
  return counted;
}

/** People by paint code of the finest cells, whose colour is that of all of their people. */
export function peopleOfCells(codes: Uint8Array, people: Column, pyramid: readonly PyramidLevel[]): Map<number, number> {
  const { first, count } = pyramid.reduce((finest, level) => (level.first > finest.first ? level : finest));
  const counted = new Map<number, number>();
  for (let row = first; row < first + count; row += 1) {
    const code = codes[row] ?? TRANSPARENT;
    if (code !== TRANSPARENT) counted.set(code, (counted.get(code) ?? 0) + (people[row] ?? 0));
  }
  return counted;
}
