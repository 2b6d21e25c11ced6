/** The classes of the cells with a simulation over them, as paint codes. Pure. */
import { band, type Column } from '../shared/columns.ts';
import {
  OTHERWISE,
  CHANGED,
  CLASS_CODES,
  GAINED,
  GAIN_BOUNDS,
  GAIN_FIRST,
  GAIN_NONE,
  UNCHANGED,
  LOST,
  TRANSPARENT,
} from '../shared/palette.ts';
import type { Recolouring } from './simulation.ts';

/** What the map shows while changes are tried. */
export const OVERLAYS = ['avant', 'apres', 'rideau', 'difference', 'gains'] as const;
export type Overlay = (typeof OVERLAYS)[number];

/** "Nobody lives there" in the column of gains. */
const NOBODY = 4294967295;

/** From the best class to the worst; too few hours and unknown hours are worth the same. */
const RANK: Readonly<Record<number, number>> = {
  [CLASS_CODES.couverte]: 0,
  [CLASS_CODES.grise]: 1,
  [CLASS_CODES.inconnue]: 1,
  [CLASS_CODES.blanche]: 2,
};

/** How a change of class is painted where before and after are seen together. */
export function differenceCode(before: number, after: number): number {
  const better = (RANK[before] ?? 0) - (RANK[after] ?? 0);
  if (better > 0) return GAINED;
  return better < 0 ? LOST : OTHERWISE;
}

/** One paint code per row of `classe`, the edition's column; changed rows carry {@link CHANGED}. */
export function overlay(classe: Column, change: Recolouring | undefined, calque: Exclude<Overlay, 'gains' | 'rideau'>): Uint8Array {
  const codes = new Uint8Array(classe); // a copy
  if (calque === 'difference') {
    for (let row = 0; row < codes.length; row += 1) if (codes[row] !== TRANSPARENT) codes[row] = UNCHANGED;
  }
  change?.rows.forEach((row, index) => {
    const before = change.before[index] ?? TRANSPARENT;
    const after = change.after[index] ?? TRANSPARENT;
    if (row >= codes.length) return;
    const code = { avant: before, apres: after, difference: differenceCode(before, after) }[calque];
    codes[row] = code + CHANGED;
  });
  return codes;
}

/** One paint code per row: how many people a lieu there would newly cover. */
export function gainCodes(gains: Uint32Array): Uint8Array {
  return Uint8Array.from(gains, (people) => {
    if (people === NOBODY) return TRANSPARENT;
    return people === 0 ? GAIN_NONE : GAIN_FIRST + band(people, GAIN_BOUNDS, false);
  });
}
