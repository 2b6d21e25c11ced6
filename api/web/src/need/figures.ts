/** What a map of the index may show: the index, its two halves, a variable or a part of one. */
import type { IndexVariable, Points } from '../shared/api.ts';
import type { Scores } from './model.ts';

export interface Figure {
  /** As {@link Need.indice} has it: empty is the index. */
  readonly id: string;
  /** The sub-index that it is or belongs to; empty for the index. */
  readonly sub: string;
  readonly kind: 'index' | 'sub' | 'variable';
  /** French, as the structure names it; empty for the index, which each language names. */
  readonly nom: string;
  /** Empty: points out of 10. */
  readonly unit: string;
  /** −1: a higher value is less fragile. */
  readonly direction: number;
  /** Absent: made of others. */
  readonly variable?: IndexVariable;
  /** The values are of parts: they have no single one, and the map shows points. */
  readonly parted: boolean;
}

export function figuresOf({ sub_indices: subs, variables }: Points): Figure[] {
  const made = { unit: '', direction: 1, parted: false } as const;
  const of = (variable: IndexVariable, id: string): Figure => {
    const parted = (variable.parts?.length ?? 0) > 0;
    return {
      id, sub: variable.sub_index, kind: 'variable', nom: variable.nom, unit: parted ? '' : variable.unit, direction: parted ? 1 : variable.direction,
      variable, parted,
    };
  };
  return [
    { ...made, id: '', sub: '', kind: 'index', nom: '' },
    ...subs.map(({ id, nom }): Figure => ({ ...made, id, sub: id, kind: 'sub', nom })),
    ...variables.flatMap((variable) => [of(variable, variable.id), ...(variable.parts ?? []).map((part) => of(part, `${variable.id}.${part.id}`))]),
  ];
}

/** One value per territoire, in the unit of the figure; NaN is unknown. */
export function valuesOf({ territoires }: Points, figure: Figure, scores: Scores | undefined): Float64Array {
  const unknown = () => new Float64Array(territoires.length).fill(NaN);
  switch (figure.kind) {
    case 'index':
      return scores?.score ?? unknown();
    case 'sub':
      return scores?.subs.get(figure.id) ?? unknown();
    case 'variable':
      return Float64Array.from(territoires, ({ points, values }) => (figure.parted ? points : values)[figure.id] ?? NaN);
  }
}

/** The year of what feeds a variable, when it is old. */
export function oldYear(variable: IndexVariable | undefined): string | undefined {
  return variable?.old && /\d{4}/.exec(variable.vintage ?? '')?.[0];
}

/** The variables and parts that have values of their own, those of `sub` or of all. */
export function leaves(figures: readonly Figure[], sub = ''): Figure[] {
  return figures.filter((figure) => figure.kind === 'variable' && !figure.parted && (sub === '' || figure.sub === sub));
}

/** What a figure is a mean of: its parts, or the variables of a sub-index or of all. */
export function members(figures: readonly Figure[], figure: Figure): Figure[] {
  if (figure.kind === 'variable') return feeders(figures, figure);
  return figures.filter(({ kind, id, sub }) => kind === 'variable' && !id.includes('.') && (figure.sub === '' || sub === figure.sub));
}

/** What feeds the map of a figure: itself, its parts, or the variables that it is made of. */
export function feeders(figures: readonly Figure[], figure: Figure): Figure[] {
  if (figure.kind !== 'variable') return leaves(figures, figure.sub);
  return figure.parted ? leaves(figures).filter(({ id }) => id.startsWith(`${figure.id}.`)) : [figure];
}

export function isFed({ variable }: Figure): boolean {
  return variable === undefined || variable.known > 0;
}
