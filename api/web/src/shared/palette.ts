/**
 * Colours, and what each of them means: those of geo/legend, made into
 * legend.gen.ts, under the numbers that the map paints with.
 *
 * A cell carries one small number, its paint code, from which the map's style
 * and the legend both take their colour, so they cannot disagree. The codes of
 * the views do not overlap: changing the view changes codes, never the style.
 */
import { BOUNDS, CLASS_CODES, CLASSES, CROSSED, MOMENT_STATES, PALETTE, RAMPS } from './legend.gen.ts';

export type Hex = `#${string}`;

/** A cell nobody lives in, or with nothing to say: the paper shows through. */
export const TRANSPARENT = 0;

export { CLASS_CODES, MOMENT_STATES, PALETTE, RAMPS };

/** Paint codes of the classes are the numbers of the API's `classe` column. */
type Classe = (typeof CLASSES)[number];

/** First code of each ramp; the following bands count up from it. */
export const TIME_FIRST = 10;
export const TIME_NONE = 19;
export const HOURS_FIRST = 20;
export const HOURS_NO_LIEU = 28;
export const HOURS_UNKNOWN = 29;
export const IFN_FIRST = 30;
export const IFN_UNKNOWN = 39;

/** Fragile inhabitants of a cell who lack help; the code apart: none, to a tenth. */
export const ACT_FIRST = 80;
export const ACT_NONE = 88;
export const ACT_UNKNOWN = 89;
/** Lower bounds, fragile inhabitants, of every band but the first. */
export const ACT_BOUNDS = BOUNDS.agir;

/** First code of need crossed with another figure, `3 × need + other` in thirds; and of what is left out of a map. */
export const CROSSED_FIRST = 70;
export const FADED = 79;

export type MomentState = (typeof MOMENT_STATES)[number];
/** The code before the first: that of nobody. */
export const MOMENT_BASE = 59;
export const MOMENT_CODES: Readonly<Record<MomentState, number>> = { ouvert: 60, parfois: 61, inconnu: 62, ferme: 63, aucun: 64 };

/** Codes of a simulation's difference: who gains, who loses, another change, no change. */
export const GAINED = 40;
export const LOST = 41;
export const OTHERWISE = 42;
export const UNCHANGED = 43;
/** First code of the people whom a new lieu would cover; the code before: nobody. */
export const GAIN_NONE = 50;
export const GAIN_FIRST = 51;

/** Lower bounds, people newly covered, of every band but the first. */
export const GAIN_BOUNDS = BOUNDS.gain;

/** Added to the code of a cell that a simulation changes: same colour, with an outline. Codes are below it. */
export const CHANGED = 128;

/** Upper bounds, minutes; the last band has none. A bound belongs to the band below it, as the cut-off does. */
export const TIME_BOUNDS = BOUNDS.temps;

/** Lower bounds, hours a week, of every band but the first. */
export const HOURS_BOUNDS = BOUNDS.heures;

export const CLASS_COLOURS: Readonly<Record<Classe, Hex>> = {
  couverte: PALETTE.couverte,
  grise: PALETTE.grise,
  blanche: PALETTE.blanche,
  inconnue: PALETTE.inconnue,
};

export const MOMENT_COLOURS: Readonly<Record<MomentState, Hex>> = {
  ouvert: PALETTE['moment-ouvert'],
  parfois: PALETTE['moment-parfois'],
  inconnu: PALETTE['moment-inconnu'],
  ferme: PALETTE['moment-ferme'],
  aucun: PALETTE['moment-aucun'],
};

export const DIFFERENCE_COLOURS = { gagne: PALETTE.gagne, perd: PALETTE.perd, autrement: PALETTE.autrement, inchange: PALETTE.inchange } as const satisfies Record<string, Hex>;

/** The colour of every paint code but {@link TRANSPARENT}. */
export const COLOURS: ReadonlyMap<number, Hex> = new Map([
  [CLASS_CODES.couverte, CLASS_COLOURS.couverte],
  [CLASS_CODES.grise, CLASS_COLOURS.grise],
  [CLASS_CODES.blanche, CLASS_COLOURS.blanche],
  [CLASS_CODES.inconnue, CLASS_COLOURS.inconnue],
  ...RAMPS.temps.map((colour, band) => [TIME_FIRST + band, colour] as const),
  [TIME_NONE, PALETTE.unknown],
  ...RAMPS.heures.map((colour, band) => [HOURS_FIRST + band, colour] as const),
  [HOURS_NO_LIEU, PALETTE['no-lieu']],
  [HOURS_UNKNOWN, PALETTE.unknown],
  ...RAMPS.ifn.map((colour, band) => [IFN_FIRST + band, colour] as const),
  [IFN_UNKNOWN, PALETTE.unknown],
  ...RAMPS.agir.map((colour, band) => [ACT_FIRST + band, colour] as const),
  [ACT_NONE, PALETTE['no-gain']],
  [ACT_UNKNOWN, PALETTE.unknown],
  ...MOMENT_STATES.map((state) => [MOMENT_CODES[state], MOMENT_COLOURS[state]] as const),
  ...CROSSED.flat().map((colour, at) => [CROSSED_FIRST + at, colour] as const),
  [FADED, PALETTE['no-gain']],
  [GAINED, DIFFERENCE_COLOURS.gagne],
  [LOST, DIFFERENCE_COLOURS.perd],
  [OTHERWISE, DIFFERENCE_COLOURS.autrement],
  [UNCHANGED, DIFFERENCE_COLOURS.inchange],
  [GAIN_NONE, PALETTE['no-gain']],
  ...RAMPS.gain.map((colour, band) => [GAIN_FIRST + band, colour] as const),
]);

/** Codes drawn with a hatching over their colour: what is not known, and losses. */
export const HATCHED: ReadonlySet<number> = new Set([CLASS_CODES.inconnue, TIME_NONE, HOURS_UNKNOWN, IFN_UNKNOWN, ACT_UNKNOWN, MOMENT_CODES.inconnu, LOST]);

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

/** Of the symbol of a lieu outside the territoire. */
export const OUTSIDE_OPACITY = 0.5;
