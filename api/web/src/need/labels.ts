/** Names, values and bands of figures, as the legend, the panel and the tables write them. */
import * as format from '../shared/format.ts';
import { words } from '../shared/words.ts';
import type { Figure } from './figures.ts';
import type { Cut } from './view.ts';
import { terms } from './words.ts';

export function nameOf({ kind, id, nom }: Figure): string {
  return kind === 'variable' ? nom : (terms.maps[id] ?? nom);
}

/** The unit, in full; a symbol keeps its letters: "km". */
export function unitOf({ unit, parted }: Figure): string {
  if (unit !== '') return /^\p{L}{4}/u.test(unit) ? terms.unit(unit) : unit;
  return parted ? terms.parted : terms.outOf10;
}

/** A value with the first word of its unit, which the legend gives in full: "21 %", "12,4 min". */
export function short(value: number, { unit }: Figure): string {
  if (unit === '') return format.score(value);
  return format.quantity(value, unit.split(' ')[0] ?? '');
}

/** Labels of the bands of a figure, from the least fragile. */
export function bandLabels({ bands: { bounds }, figure }: Cut): string[] {
  const [first, last] = [bounds[0], bounds.at(-1)];
  if (first === undefined || last === undefined) return [words.legend.ifnAll];
  const show = (value: number) => short(value, figure);
  const labels = [
    words.legend.lessThan(show(first)),
    ...bounds.slice(1).map((bound, k) => words.legend.between(show(bounds[k] ?? first), show(bound))),
    words.legend.atLeast(show(last)),
  ];
  return figure.direction > 0 ? labels : labels.reverse();
}

/** The years of what feeds figures: "2018 à 2024". */
export function vintagesOf(figures: readonly Figure[]): string {
  const years = figures.flatMap(({ variable }) => /\d{4}/.exec(variable?.vintage ?? '')?.[0] ?? []).sort();
  const [first, last] = [years[0], years.at(-1)];
  if (first === undefined || last === undefined) return '';
  return first === last ? first : words.legend.between(first, last);
}
