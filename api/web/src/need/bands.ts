/** Values cut into bands of people: fifths for a map of one figure, thirds for two that are crossed. */
import { band } from '../shared/columns.ts';

export const FIFTHS = 5;
export const THIRDS = 3;

/** The scale on which bands of the index are cut, as on the server's pages. */
export const TENTH = 0.1;

/** Bounds between bands, ascending; a bound belongs to the band above it. Values are compared once rounded to `step`. */
export interface Bands {
  readonly bounds: readonly number[];
  readonly step: number;
}

/** A step such that a bound is short to read and cuts finely enough: a power of ten, a fiftieth of the range or less. */
export function stepOf(values: ArrayLike<number>): number {
  const known = Array.from(values).filter((value) => !Number.isNaN(value));
  const range = Math.max(...known) - Math.min(...known);
  return known.length > 0 && range > 0 ? 10 ** Math.floor(Math.log10(range / 50)) : 1;
}

/**
 * Bands of about as many people each, as the server cuts the index (geo/figures, boundsOf): values
 * that many share leave fewer.
 */
export function cut(values: ArrayLike<number>, people: ArrayLike<number>, count: number, step = stepOf(values)): Bands {
  const at = new Map<number, number>();
  let total = 0;
  for (let i = 0; i < values.length; i += 1) {
    const [value, n] = [values[i] ?? NaN, people[i] ?? 0];
    if (Number.isNaN(value) || n <= 0) continue;
    const key = Math.round(value / step);
    at.set(key, (at.get(key) ?? 0) + n);
    total += n;
  }
  const bounds: number[] = [];
  let below = 0;
  for (const key of [...at.keys()].sort((a, b) => a - b)) {
    if (below > 0 && count * below >= total * (bounds.length + 1) && bounds.length < count - 1) bounds.push(rounded(key, step));
    below += at.get(key) ?? 0;
  }
  return { bounds, step };
}

/** The band of a value, from 0; −1 when it is unknown. */
export function bandOf(value: number, { bounds, step }: Bands): number {
  return Number.isNaN(value) ? -1 : band(rounded(Math.round(value / step), step), bounds, false);
}

/** `key` steps, without the noise of a product of decimals. */
function rounded(key: number, step: number): number {
  return step < 1 ? key / Math.round(1 / step) : key * step;
}

/** People and territoires of each band, and of those that are unknown. */
export interface Counted {
  readonly people: readonly number[];
  readonly unknown: number;
  readonly territoires: readonly number[];
  readonly unknownTerritoires: number;
}

export function countBands(of: ArrayLike<number>, people: ArrayLike<number>, bands: number): Counted {
  const [counted, places] = [new Array<number>(bands).fill(0), new Array<number>(bands).fill(0)];
  let [unknown, unknownTerritoires] = [0, 0];
  for (let i = 0; i < of.length; i += 1) {
    const [k, n] = [of[i] ?? -1, people[i] ?? 0];
    if (k < 0) {
      unknown += n;
      unknownTerritoires += 1;
    } else {
      counted[k] = (counted[k] ?? 0) + n;
      places[k] = (places[k] ?? 0) + 1;
    }
  }
  return { people: counted, unknown, territoires: places, unknownTerritoires };
}
