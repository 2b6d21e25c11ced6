/** What the map, its legend and the panel show of the index: computed at once, from the points and what a person chose. */
import type { Points } from '../shared/api.ts';
import { SCALES } from '../shared/legend.gen.ts';
import type { Need } from '../shared/need_state.ts';
import { CROSSED_FIRST, FADED, IFN_FIRST, IFN_UNKNOWN } from '../shared/palette.ts';
import { type Bands, bandOf, type Counted, countBands, cut, FIFTHS, stepOf, TENTH, THIRDS } from './bands.ts';
import { type Figure, figuresOf, valuesOf } from './figures.ts';
import { Model, parseWeights, ranks, type Scores, tableOf } from './model.ts';

export type ScaleName = keyof typeof SCALES;

/** A figure cut into bands of people, from the least fragile to the most. */
export interface Cut {
  readonly figure: Figure;
  readonly values: Float64Array;
  readonly bands: Bands;
  /** The band of each territoire; −1: unknown. */
  readonly of: Int8Array;
  readonly counted: Counted;
}

/** Need, in thirds, by thirds of another figure: class `3 × need + other`. */
export interface Crossed {
  readonly need: Cut;
  readonly other: Cut;
  readonly of: Int8Array;
  readonly counted: Counted;
}

/** People of each level of a scale, and of its communes in the most fragile third. */
export interface ScaleRow {
  readonly number: number;
  readonly label: string;
  readonly people: number;
  readonly communes: number;
  readonly most: number;
  readonly shown: boolean;
}

export interface Scaled {
  readonly name: ScaleName;
  readonly rows: readonly ScaleRow[];
  /** Of communes whose level is not known: never shown as one of them, nor left out unsaid. */
  readonly unknown: number;
  readonly need: Cut;
}

export interface View {
  readonly points: Points;
  readonly need: Need;
  readonly figures: readonly Figure[];
  /** As computed with. */
  readonly chosen: ReadonlyMap<string, number>;
  /** Why nothing could be computed: see {@link Model.refused}. */
  readonly refused: string | undefined;
  readonly scores: Scores | undefined;
  readonly cut: Cut;
  /** Rank of each territoire by what the map shows, 1 the most fragile; 0: none. */
  readonly rank: Int32Array;
  readonly crossed: Crossed | undefined;
  readonly scaled: Scaled | undefined;
  /** People of each band whom the map shows, and of those that levels of a scale leave out. */
  readonly tally: Counted;
  readonly hidden: number;
  /** One paint code per territoire, in their order. */
  readonly codes: Uint8Array;
  readonly people: Float64Array;
}

/** What is kept of a level once its points have come. */
export class Level {
  readonly model: Model;
  readonly figures: readonly Figure[];
  readonly people: Float64Array;

  constructor(readonly points: Points) {
    this.model = new Model(tableOf(points));
    this.figures = figuresOf(points);
    this.people = Float64Array.from(points.territoires, ({ population }) => population);
  }

  /** `weights` stand in place of those of the address, while a hand moves them. */
  view(need: Need, weights?: ReadonlyMap<string, number>): View {
    const { points, figures, model, people } = this;
    const chosen = weights ?? parseWeights(need.poids, points);
    const scores = model.compute(chosen);
    const figure = figures.find(({ id }) => id === need.indice) ?? (figures[0] as Figure);
    const made = (of: Figure, count: number) => cutOf(of, valuesOf(points, of, scores), people, count);
    const main = made(figure, FIFTHS);
    const other = figures.find(({ id, kind }) => kind === 'variable' && id === need.croix && id !== figure.id);
    const crossed = other && cross(made(figure, THIRDS), made(other, THIRDS), people);
    const scaled = need.croix in SCALES && points.level === 'commune' ? scale(need, made(figure, THIRDS), points, people) : undefined;
    const codes = codesOf(main, crossed, scaled, points);
    const onMap = people.map((n, i) => (codes[i] === FADED ? 0 : n));
    const sum = (of: Float64Array) => of.reduce((total, n) => total + n, 0);
    return {
      points, need, figures, chosen, scores, crossed, scaled, people,
      refused: scores ? undefined : model.refused(chosen),
      cut: main,
      rank: ranks(main.values.map((value) => value * figure.direction)).rank,
      codes,
      tally: countBands(main.of, onMap, main.bands.bounds.length + 1),
      hidden: sum(people) - sum(onMap),
    };
  }
}

/** Fifths of the index are cut on the scale of the server's pages. */
function cutOf(figure: Figure, values: Float64Array, people: Float64Array, count: number): Cut {
  const bands = cut(values, people, count, figure.unit === '' ? TENTH : stepOf(values));
  const last = bands.bounds.length;
  const of = Int8Array.from(values, (value) => {
    const k = bandOf(value, bands);
    return k < 0 || figure.direction > 0 ? k : last - k;
  });
  return { figure, values, bands, of, counted: countBands(of, people, last + 1) };
}

function cross(need: Cut, other: Cut, people: Float64Array): Crossed {
  const of = Int8Array.from(need.of, (third, i) => {
    const by = other.of[i] ?? -1;
    return third < 0 || by < 0 ? -1 : THIRDS * third + by;
  });
  return { need, other, of, counted: countBands(of, people, THIRDS * THIRDS) };
}

/** Levels chosen in an address; those that the scale does not have are not heard. */
export function chosenLevels({ croix, parmi }: Need): ReadonlySet<number> {
  const levels = SCALES[croix as ScaleName]?.levels ?? [];
  const asked = parmi.split(',').filter(Boolean).map(Number);
  const chosen = levels.filter(({ number }) => asked.includes(number)).map(({ number }) => number);
  return new Set(chosen.length > 0 ? chosen : levels.map(({ number }) => number));
}

function scale(need: Need, thirds: Cut, { territoires }: Points, people: Float64Array): Scaled {
  const name = need.croix as ScaleName;
  const shown = chosenLevels(need);
  const most = thirds.bands.bounds.length;
  let unknown = 0;
  const sums = new Map(SCALES[name].levels.map(({ number }) => [number as number, { people: 0, communes: 0, most: 0 }]));
  territoires.forEach(({ scales }, i) => {
    const sum = sums.get(scales?.[name] ?? NaN);
    if (!sum) return void (unknown += people[i] ?? 0);
    sum.people += people[i] ?? 0;
    sum.communes += 1;
    if (most > 0 && thirds.of[i] === most) sum.most += people[i] ?? 0;
  });
  const rows = SCALES[name].levels.flatMap(({ number, label }): ScaleRow[] => {
    const sum = sums.get(number);
    return sum && sum.communes > 0 ? [{ number, label, ...sum, shown: shown.has(number) }] : [];
  });
  return { name, rows, unknown, need: thirds };
}

function codesOf(main: Cut, crossed: Crossed | undefined, scaled: Scaled | undefined, { territoires }: Points): Uint8Array {
  const [of, first] = crossed ? [crossed.of, CROSSED_FIRST] : [main.of, IFN_FIRST];
  const all = scaled?.rows.every(({ shown }) => shown) ?? true;
  const shown = new Set(scaled?.rows.filter((row) => row.shown).map(({ number }) => number));
  return Uint8Array.from(of, (k, i) => {
    if (scaled && !all && !shown.has(territoires[i]?.scales?.[scaled.name] ?? NaN)) return FADED;
    return k < 0 ? IFN_UNKNOWN : first + k;
  });
}
