import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatWeights, Model, parseWeights, ranks, type Table } from './model.ts';

interface Answer {
  readonly score?: number;
  readonly subs: Readonly<Record<string, number>>;
  readonly completeness: number;
  readonly rank?: number;
}

/** What the program answers: written and compared by TestTwinOfTheMap of the package ifn. */
const twin = JSON.parse(readFileSync(new URL('../../../../ifn/testdata/twin.json', import.meta.url), 'utf8')) as Table & {
  readonly cases: readonly { readonly weights: string; readonly error?: boolean; readonly rows?: readonly Answer[] }[];
};

/** Points of a part that is half known went through a division. */
const CLOSE = 10;

describe('the index under other weights is the program’s', () => {
  const model = new Model(twin);
  test.each(twin.cases.map((one) => [one.weights, one] as const))('%s', (weights, { error, rows = [] }) => {
    const chosen = new Map(weights.split(',').filter(Boolean).map((item) => [item.split(':')[0] ?? '', Number(item.split(':')[1])]));
    const scores = model.compute(chosen);
    expect(scores === undefined).toBe(error === true);
    expect(model.refused(chosen) !== undefined).toBe(error === true);
    rows.forEach((row, i) => {
      const { score, completeness, subs, rank } = scores ?? fail();
      if (row.score === undefined) expect(score[i]).toBeNaN();
      else expect(score[i]).toBeCloseTo(row.score, CLOSE);
      expect(rank[i]).toBe(row.rank ?? 0);
      expect(completeness[i]).toBeCloseTo(row.completeness, CLOSE);
      for (const [id, values] of subs) {
        const want = row.subs[id];
        if (want === undefined) expect(values[i]).toBeNaN();
        else expect(values[i]).toBeCloseTo(want, CLOSE);
      }
    });
  });

  test('the file has enough to compare', () => expect(twin.cases.length * twin.rows.length).toBeGreaterThan(1000));
});

function fail(): never {
  throw new Error('no scores');
}

test('equal values share the smallest rank, and unknown ones have none', () => {
  expect([...ranks(Float64Array.of(2, NaN, 5, 2 + 1e-12, 1)).rank]).toEqual([2, 0, 1, 2, 4]);
});

test('weights of an address are those of a slider, of what there is', () => {
  const table = { sub_indices: [{ id: 'people', weight: 1 }], variables: [{ id: 'poor', sub_index: 'people', weight: 1 }, { id: 'old', sub_index: 'people', weight: 1 }] };
  const chosen = parseWeights('poor:2.6,old:1,people:9,nobody:2,broken', table);
  expect([...chosen]).toEqual([['poor', 2.5], ['people', 3]]);
  expect(formatWeights(chosen)).toBe('people:3,poor:2.5');
  expect([...parseWeights('', table)]).toEqual([]);
});
