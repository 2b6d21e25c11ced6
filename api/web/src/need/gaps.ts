/** What the index lacks, in figures: pure. */
import { type Figure, leaves, oldYear } from './figures.ts';
import type { Level, View } from './view.ts';

/** A variable, or a part of one, that is unknown somewhere, old, or stood for by another. */
export interface Lack {
  readonly figure: Figure;
  readonly people: number;
  readonly places: number;
  readonly old: ReturnType<typeof oldYear>;
  readonly proxy: string | undefined;
  /** Its share of the weight of the index, 0 to 1. */
  readonly share: number;
  /** How far knowing it could move the index at most, points, mean over the people who have an index. */
  readonly moves: number;
  /** The mean completeness were it known everywhere, 0 to 1. */
  readonly completeness: number;
  /** Ranks that half of the territoires move by, or more, without the variable; absent where it is unknown everywhere. */
  readonly shift: number | undefined;
}

const MOST_POINTS = 10;

/** The lacks under the weights of a view, those of most weight unknown to most people first. */
export function lacks(level: Level, view: View): Lack[] {
  const { figures, points, people, scores, chosen } = view;
  if (!scores) return [];
  const { subs, variables } = level.model.weights(chosen);
  const all = people.reduce((sum, n) => sum + n, 0);
  const total = subs.reduce((sum, w) => sum + w, 0);
  const mean = scores.completeness.reduce((sum, share, i) => sum + share * (people[i] ?? 0), 0) / all;
  return leaves(figures)
    .map((figure): Lack => {
      const [id = ''] = figure.id.split('.');
      const v = points.variables.findIndex((variable) => variable.id === id);
      const k = points.sub_indices.findIndex((sub) => sub.id === figure.sub);
      const of = points.variables.flatMap(({ sub_index: sub }, at) => (sub === figure.sub ? [at] : []));
      const weight = (variables[v] ?? 0) * partShare(points.variables[v], figure);
      const subWeight = of.reduce((sum, at) => sum + (variables[at] ?? 0), 0);
      const share = subWeight > 0 ? ((subs[k] ?? 0) / total) * (weight / subWeight) : 0;
      let [unknown, places, moved, scored] = [0, 0, 0, 0];
      points.territoires.forEach(({ values, points: own, known }, i) => {
        const n = people[i] ?? 0;
        const missing = values[figure.id] === undefined;
        const score = scores.score[i] ?? NaN;
        if (!Number.isNaN(score)) scored += n;
        if (!missing) return;
        unknown += n;
        places += 1;
        const sub = scores.subs.get(figure.sub)?.[i] ?? NaN;
        if (Number.isNaN(score) || Number.isNaN(sub)) return;
        const has = of.reduce((sum, at) => {
          const name = points.variables[at]?.id ?? '';
          return sum + (own[name] === undefined ? 0 : (variables[at] ?? 0) * (known?.[name] ?? 1));
        }, 0);
        moved += n * ((subs[k] ?? 0) / total) * (weight / (has + weight)) * Math.max(sub, MOST_POINTS - sub);
      });
      return {
        figure, people: unknown, places, share,
        old: oldYear(figure.variable),
        proxy: figure.variable?.proxy,
        moves: scored > 0 ? moved / scored : 0,
        completeness: Math.min(1, mean + share * (all > 0 ? unknown / all : 0)),
        shift: figure.variable?.known && weight > 0 ? shiftWithout(level, view, id) : undefined,
      };
    })
    .filter(({ people: unknown, old, proxy, share }) => share > 0 && (unknown > 0 || old !== undefined || proxy))
    .sort((a, b) => b.share * b.people - a.share * a.people || b.share - a.share);
}

/** The share of a part in its variable; 1 for a variable that has none. */
function partShare(variable: View['points']['variables'][number] | undefined, figure: Figure): number {
  const parts = variable?.parts ?? [];
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0);
  const own = parts.find(({ id }) => figure.id === `${variable?.id}.${id}`);
  return own && whole > 0 ? own.weight / whole : 1;
}

/** The upper median of how far ranks move without a variable. */
function shiftWithout(level: Level, { scores, chosen }: View, id: string): number | undefined {
  const without = level.model.compute(new Map([...chosen, [id, 0]]));
  if (!scores || !without) return undefined;
  const moves = Array.from(scores.rank, (rank, i) => [rank, without.rank[i] ?? 0] as const)
    .filter(([a, b]) => a > 0 && b > 0)
    .map(([a, b]) => Math.abs(a - b))
    .sort((a, b) => a - b);
  return moves[Math.floor(moves.length / 2)];
}
