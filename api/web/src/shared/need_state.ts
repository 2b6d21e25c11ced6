/**
 * What the map of the fragility index shows, as the address carries it: which figure, of which
 * territoires, under which weights, crossed with what. Whether a name exists is known once the
 * edition is: an unknown one is as if it were not written.
 */

/** The territoires that have an outline on the map. */
export const AREA_LEVELS = ['commune', 'epci'] as const;
export type AreaLevel = (typeof AREA_LEVELS)[number];

export interface Need {
  /** A sub-index, a variable or `variable.part`; empty: the index itself. */
  readonly indice: string;
  readonly par: AreaLevel;
  /** Chosen weights, as `/api/v1/ifn?weights=` takes them; empty: those of the structure. */
  readonly poids: string;
  /** What need is crossed with: a variable or the column of a scale; empty: nothing. */
  readonly croix: string;
  /** Levels of the scale that the map shows, "5,6,7"; empty: all. */
  readonly parmi: string;
}

export const NEED_DEFAULTS: Need = { indice: '', par: 'commune', poids: '', croix: '', parmi: '' };
const KEYS = Object.keys(NEED_DEFAULTS) as (keyof Need)[];

/** What each may look like; anything else is ignored. */
const SHAPES: Readonly<Record<keyof Need, RegExp>> = {
  indice: /^[a-z0-9_]+(\.[a-z0-9_]+)?$/,
  par: /^(commune|epci)$/,
  poids: /^[a-z0-9_]+:\d+(\.\d+)?(,[a-z0-9_]+:\d+(\.\d+)?){0,63}$/,
  croix: /^[a-z0-9_]+$/,
  parmi: /^\d(,\d){0,9}$/,
};

export function parseNeed(query: URLSearchParams, defaults: Need = NEED_DEFAULTS): Need {
  const read = (key: keyof Need) => SHAPES[key].exec(query.get(key) ?? '')?.[0] ?? defaults[key];
  return { indice: read('indice'), par: read('par') as AreaLevel, poids: read('poids'), croix: read('croix'), parmi: read('parmi') };
}

/** The pairs of an address that differ from `defaults`. */
export function needPairs(need: Need, defaults: Need = NEED_DEFAULTS): [string, string][] {
  return KEYS.filter((key) => need[key] !== defaults[key]).map((key) => [key, need[key]]);
}

export function sameNeed(a: Need, b: Need): boolean {
  return a === b || KEYS.every((key) => a[key] === b[key]);
}
