/** What a crossing says in words and figures, and which levels of a scale the map shows. */
import { type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { SCALES } from '../shared/legend.gen.ts';
import { THIRDS } from './bands.ts';
import type { Crossed, Scaled, View } from './view.ts';
import { terms } from './words.ts';

const NAMED = 5;

/** The elements of a crossing; `choose` is told which levels to show, '' for all. */
export function crossing(view: View, choose: (parmi: string) => void): Node[] {
  if (view.crossed) return crossedWords(view, view.crossed);
  return view.scaled ? scaleTable(view.scaled, choose) : [];
}

function crossedWords({ points, people, need }: View, { of, counted }: Crossed): Node[] {
  const corner = THIRDS * THIRDS - 1;
  const all = people.reduce((sum, n) => sum + n, 0);
  const names = points.territoires
    .filter((_, i) => of[i] === corner)
    .sort((a, b) => b.population - a.population)
    .slice(0, NAMED)
    .map(({ nom }) => nom);
  const both = counted.people[corner] ?? 0;
  return [
    element('p', {}, terms.both(both, format.share(both, all), counted.territoires[corner] ?? 0, need.par), names.length > 0 && ` ${terms.bothNames(names)}`),
    ...(counted.unknown > 0 ? [element('p', { class: 'filters__hint' }, terms.neither(counted.unknown))] : []),
  ];
}

function scaleTable({ name, rows, unknown, need: { counted } }: Scaled, choose: (parmi: string) => void): Node[] {
  if (rows.length === 0) return [element('p', {}, terms.scaleNone)];
  const shown = rows.filter((row) => row.shown);
  const sum = (key: 'people' | 'most' | 'communes') => shown.reduce((total, row) => total + row[key], 0);
  const box = (number: number, checked: boolean): HTMLInputElement => {
    const input = element('input', { type: 'checkbox', id: `parmi-${number}`, checked });
    input.addEventListener('change', () => {
      const left = rows.filter((row) => (row.number === number ? input.checked : row.shown)).map((row) => row.number);
      choose(left.length === rows.length ? '' : left.join(','));
    });
    return input;
  };
  const most = (people: number, of: number): Child =>
    counted.people.length < THIRDS ? '–' : element('span', {}, format.count(people), element('small', {}, format.share(people, of)));
  return [
    element(
      'table',
      { class: 'niveaux' },
      element('caption', {}, terms.scaleCaption),
      element('thead', {}, element('tr', {}, ...[SCALES[name].label, terms.people, terms.scaleMost].map((text) => element('th', { scope: 'col' }, text)))),
      element(
        'tbody',
        {},
        ...rows.map((row) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, element('div', {}, box(row.number, row.shown), element('label', { for: `parmi-${row.number}` }, row.label))),
            element('td', {}, format.count(row.people)),
            element('td', {}, most(row.most, row.people)),
          ),
        ),
      ),
    ),
    element('p', {}, terms.scaleSentence(sum('people'), sum('most'), format.share(sum('most'), sum('people')) || '–', sum('communes'))),
    ...(unknown > 0 ? [element('p', { class: 'filters__hint' }, terms.scaleUnknown(unknown))] : []),
    element('p', { class: 'filters__hint' }, terms.source(SCALES[name].source, '')),
  ];
}
