/**
 * Colours, and what each of them means.
 *
 * A cell carries one small number, its paint code, from which the map's style
 * and the legend both take their colour, so they cannot disagree. The codes of
 * the four views do not overlap: changing the view changes codes, never the style.
 *
 * Choices, checked by palette.test.ts:
 *   - classes differ in lightness and not only in hue, so they stay apart in a
 *     grey print and for the three colour-vision deficiencies; `inconnue` is
 *     hatched besides;
 *   - ramps are sequential: darker always means more of what is measured.
 */
import type { Classe } from './api.ts';

export type Hex = `#${string}`;

/** A cell nobody lives in, or with nothing to say: the paper shows through. */
export const TRANSPARENT = 0;

/** Paint codes of the classes; the same numbers as the API's `classe` column. */
export const CLASS_CODES: Readonly<Record<Classe, number>> = { couverte: 1, grise: 2, blanche: 3, inconnue: 4 };

/** First code of each ramp; the following bands count up from it. */
export const TEMPS_FIRST = 10;
export const TEMPS_NONE = 19;
export const HEURES_FIRST = 20;
export const HEURES_NO_LIEU = 28;
export const HEURES_UNKNOWN = 29;
export const IFN_FIRST = 30;
export const IFN_UNKNOWN = 39;

/** What is found within reach at a moment, in the order of the API's `ouvert` column, from 1. */
export const MOMENT_STATES = ['ouvert', 'parfois', 'inconnu', 'ferme', 'aucun'] as const;
export type MomentState = (typeof MOMENT_STATES)[number];
/** The code before the first: that of nobody. */
export const MOMENT_BASE = 59;
export const MOMENT_CODES: Readonly<Record<MomentState, number>> = { ouvert: 60, parfois: 61, inconnu: 62, ferme: 63, aucun: 64 };

/** Codes of a simulation's difference: who gains, who loses, another change, no change. */
export const GAGNE = 40;
export const PERD = 41;
export const AUTREMENT = 42;
export const INCHANGE = 43;
/** First code of the people whom a new lieu would cover; the code before: nobody. */
export const GAIN_NONE = 50;
export const GAIN_FIRST = 51;

/** Lower bounds, people newly covered, of every band but the first. */
export const GAIN_BOUNDS = [100, 500, 1000, 2000, 4000] as const;

/** Added to the code of a cell that a simulation changes: same colour, with an outline. Codes are below it. */
export const CHANGED = 128;

/** Upper bounds, minutes; the last band has none. A bound belongs to the band below it, as the cut-off does. */
export const TEMPS_BOUNDS = [5, 10, 15, 20, 30, 45, 60] as const;

/** Lower bounds, hours a week, of every band but the first. */
export const HEURES_BOUNDS = [5, 10, 17.5, 25, 35] as const;

export const CLASS_COLOURS: Readonly<Record<Classe, Hex>> = {
  couverte: '#bfe3dc',
  grise: '#e2a033',
  blanche: '#8a1250',
  inconnue: '#ccd4e2',
};

/** As the classes: what is well is light and cold, what is far dark. */
export const MOMENT_COLOURS: Readonly<Record<MomentState, Hex>> = { ouvert: '#bfe3dc', parfois: '#3f7fb0', inconnu: '#ccd4e2', ferme: '#e2a033', aucun: '#8a1250' };

const TEMPS_COLOURS: readonly Hex[] = [
  '#fdf0d2', '#fbd5a0', '#f8b074', '#ee8260', '#d35568', '#a53a72', '#73286a', '#431a50',
];
const HEURES_COLOURS: readonly Hex[] = ['#f7f3cf', '#cfe8b9', '#8accb8', '#45a9bd', '#2674a5', '#1d3f78'];
const IFN_COLOURS: readonly Hex[] = ['#eceff7', '#c3cfe6', '#9aa6d2', '#8468b2', '#5f2277'];

/** Gains are dark and cold, losses light, warm and hatched: apart in grey and for every colour vision. */
export const DIFFERENCE_COLOURS = { gagne: '#0b5f8a', perd: '#f08a3c', autrement: '#a99fc4', inchange: '#e4e7ec' } as const satisfies Record<string, Hex>;
const GAIN_COLOURS: readonly Hex[] = ['#dbeaf3', '#a9d3e3', '#6fb3d0', '#3a8bb8', '#1f5f96', '#142f66'];

/** Ground of the hatched codes, and the ink of every hatching. */
export const UNKNOWN: Hex = '#ccd4e2';
export const HATCH_INK: Hex = '#7486a6';
const NO_LIEU: Hex = '#a9a6ad';

/** The colour of every paint code but {@link TRANSPARENT}. */
export const COLOURS: ReadonlyMap<number, Hex> = new Map([
  [CLASS_CODES.couverte, CLASS_COLOURS.couverte],
  [CLASS_CODES.grise, CLASS_COLOURS.grise],
  [CLASS_CODES.blanche, CLASS_COLOURS.blanche],
  [CLASS_CODES.inconnue, CLASS_COLOURS.inconnue],
  ...TEMPS_COLOURS.map((colour, band) => [TEMPS_FIRST + band, colour] as const),
  [TEMPS_NONE, UNKNOWN],
  ...HEURES_COLOURS.map((colour, band) => [HEURES_FIRST + band, colour] as const),
  [HEURES_NO_LIEU, NO_LIEU],
  [HEURES_UNKNOWN, UNKNOWN],
  ...IFN_COLOURS.map((colour, band) => [IFN_FIRST + band, colour] as const),
  [IFN_UNKNOWN, UNKNOWN],
  ...MOMENT_STATES.map((state) => [MOMENT_CODES[state], MOMENT_COLOURS[state]] as const),
  [GAGNE, DIFFERENCE_COLOURS.gagne],
  [PERD, DIFFERENCE_COLOURS.perd],
  [AUTREMENT, DIFFERENCE_COLOURS.autrement],
  [INCHANGE, DIFFERENCE_COLOURS.inchange],
  [GAIN_NONE, '#f4f1ea'],
  ...GAIN_COLOURS.map((colour, band) => [GAIN_FIRST + band, colour] as const),
]);

/** Codes drawn with a hatching over their colour: what is not known, and losses. */
export const HATCHED: ReadonlySet<number> = new Set([CLASS_CODES.inconnue, TEMPS_NONE, HEURES_UNKNOWN, IFN_UNKNOWN, MOMENT_CODES.inconnu, PERD]);

export const RAMPS = { temps: TEMPS_COLOURS, heures: HEURES_COLOURS, ifn: IFN_COLOURS, gain: GAIN_COLOURS } as const;

type Rgb = readonly [red: number, green: number, blue: number];

/** Channels 0 to 255. */
export function rgb(hex: Hex): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Relative luminance of WCAG 2.2, 0 to 1. */
export function luminance(hex: Hex): number {
  const [red, green, blue] = rgb(hex).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of WCAG 2.2, 1 to 21. */
export function contrast(a: Hex, b: Hex): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
