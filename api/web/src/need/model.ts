/**
 * The index under any weights, from the points of the server: the twin of the package ifn of
 * the program, in the same order of the same sums. `model.test.ts` holds it to what the program
 * answered (ifn/testdata/twin.json).
 */
import type { Points } from '../shared/api.ts';

/** What of {@link Points} the computation needs. */
export interface Table {
  readonly min_completeness: number;
  readonly sub_indices: readonly { readonly id: string; readonly weight: number }[];
  readonly variables: readonly { readonly id: string; readonly sub_index: string; readonly weight: number }[];
  readonly rows: readonly { readonly points: Readonly<Record<string, number>>; readonly known?: Readonly<Record<string, number>> }[];
}

/** Weights by id of a sub-index or a variable; who is not named keeps its own. */
export type Weights = ReadonlyMap<string, number>;

/** One value per row; NaN is unknown, rank 0 is none. */
export interface Scores {
  readonly score: Float64Array;
  readonly subs: ReadonlyMap<string, Float64Array>;
  /** 0 to 1. */
  readonly completeness: Float64Array;
  /** 1 is the most fragile; equal scores share the smallest. */
  readonly rank: Int32Array;
  readonly ranked: number;
}

/** What absorbs the rounding of sums when a share is compared with the floor. */
const TOLERANCE = 1e-9;
/** Scores that agree to this part of a point share their rank. */
const RANK_UNIT = 1e9;

export function tableOf(points: Points): Table {
  return { min_completeness: points.min_completeness, sub_indices: points.sub_indices, variables: points.variables, rows: points.territoires };
}

export class Model {
  /** Rows × variables: the share of the weight that is known, and that share × points. */
  private readonly share: Float64Array;
  private readonly points: Float64Array;
  /** The variables of each sub-index, by position. */
  private readonly members: readonly (readonly number[])[];

  constructor(private readonly table: Table) {
    const { rows, variables, sub_indices: subs } = table;
    this.share = new Float64Array(rows.length * variables.length);
    this.points = new Float64Array(rows.length * variables.length);
    rows.forEach((row, i) =>
      variables.forEach(({ id }, v) => {
        const points = row.points[id];
        if (points === undefined) return;
        const share = row.known?.[id] ?? 1;
        this.share[i * variables.length + v] = share;
        this.points[i * variables.length + v] = share * points;
      }),
    );
    this.members = subs.map(({ id }) => variables.flatMap(({ sub_index: sub }, v) => (sub === id ? [v] : [])));
  }

  /** The weight of every sub-index and variable, the chosen ones in place of theirs. */
  weights(chosen: Weights): { readonly subs: readonly number[]; readonly variables: readonly number[] } {
    const own = ({ id, weight }: { readonly id: string; readonly weight: number }) => chosen.get(id) ?? weight;
    return { subs: this.table.sub_indices.map(own), variables: this.table.variables.map(own) };
  }

  /** Why weights leave nothing to compute: the sub-index none of whose variables weighs, or '' for no sub-index at all. */
  refused(chosen: Weights): string | undefined {
    const { subs, variables } = this.weights(chosen);
    if (subs.every((weight) => weight === 0)) return '';
    const bare = this.members.findIndex((of, k) => (subs[k] ?? 0) > 0 && of.every((v) => variables[v] === 0));
    return this.table.sub_indices[bare]?.id;
  }

  /** The index under chosen weights; nothing when they leave nothing to compute. */
  compute(chosen: Weights): Scores | undefined {
    if (this.refused(chosen) !== undefined) return undefined;
    const { subs: subWeights, variables: weights } = this.weights(chosen);
    const { rows, variables, sub_indices: subIndices, min_completeness: floor } = this.table;
    const score = new Float64Array(rows.length).fill(NaN);
    const completeness = new Float64Array(rows.length);
    const subs = subIndices.map(() => new Float64Array(rows.length).fill(NaN));
    const whole = this.members.map((of) => of.reduce((sum, v) => sum + (weights[v] ?? 0), 0));
    for (let row = 0; row < rows.length; row += 1) {
      const base = row * variables.length;
      let [scored, complete, sum, total] = [true, 0, 0, 0];
      let allWeights = 0;
      for (let k = 0; k < subIndices.length; k += 1) {
        let [points, known] = [0, 0];
        for (const v of this.members[k] ?? []) {
          const weight = weights[v] ?? 0;
          points += weight * (this.points[base + v] ?? 0);
          known += weight * (this.share[base + v] ?? 0);
        }
        const all = whole[k] ?? 0;
        const share = all > 0 ? Math.min(1, known / all) : 0;
        const enough = known > 0 && share >= floor - TOLERANCE;
        if (enough) (subs[k] as Float64Array)[row] = points / known;
        const w = subWeights[k] ?? 0;
        complete += w * share;
        allWeights += w;
        if (w === 0) continue;
        scored &&= enough;
        if (known > 0) {
          sum += w * (points / known);
          total += w;
        }
      }
      completeness[row] = Math.min(1, complete / allWeights);
      if (scored) score[row] = sum / total;
    }
    return { score, completeness, subs: new Map(subIndices.map(({ id }, k) => [id, subs[k] as Float64Array])), ...ranks(score) };
  }
}

/** Ranks from the largest value on; equal values share the smallest, unknown ones have none. */
export function ranks(values: Float64Array): Pick<Scores, 'rank' | 'ranked'> {
  const rank = new Int32Array(values.length);
  const keyed: { readonly row: number; readonly key: number }[] = [];
  values.forEach((value, row) => {
    if (!Number.isNaN(value)) keyed.push({ row, key: Math.round(value * RANK_UNIT) });
  });
  keyed.sort((a, b) => b.key - a.key);
  let now = 1;
  keyed.forEach(({ row, key }, at) => {
    if (at > 0 && keyed[at - 1]?.key !== key) now = at + 1;
    rank[row] = now;
  });
  return { rank, ranked: keyed.length };
}

/** Reads weights of an address: ids of the table only, and weights that a slider shows. */
export function parseWeights(text: string, table: Pick<Table, 'sub_indices' | 'variables'>): Map<string, number> {
  const own = new Map([...table.sub_indices, ...table.variables].map(({ id, weight }) => [id, weight]));
  const chosen = new Map<string, number>();
  for (const item of text.split(',')) {
    const [id = '', number = ''] = item.split(':');
    const weight = Math.min(WEIGHTS.max, Math.round(Number(number) / WEIGHTS.step) * WEIGHTS.step);
    if (own.has(id) && number !== '' && Number.isFinite(weight) && weight !== own.get(id)) chosen.set(id, weight);
  }
  return chosen;
}

/** What a slider of a weight goes through. */
export const WEIGHTS = { min: 0, max: 3, step: 0.5 } as const;

/** Weights as the program writes them, in one order. */
export function formatWeights(chosen: Weights): string {
  return [...chosen].map(([id, weight]) => `${id}:${weight}`).sort().join(',');
}
