/** What the map shows as a table, from the most fragile: for whoever cannot, or would rather not, read a map. */
import { button, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { nameOf, short } from './labels.ts';
import type { View } from './view.ts';
import { terms } from './words.ts';

const SHOWN = 10;

export class RankTable {
  private all = false;
  private view: View | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly choose: (id: string) => void,
  ) {}

  show(view: View): void {
    if (view.need.par !== this.view?.need.par) this.all = false;
    this.view = view;
    const { cut, points, rank, need } = view;
    const order = points.territoires.map((_, i) => i).sort((a, b) => (rank[a] || Infinity) - (rank[b] || Infinity) || a - b);
    const rows = this.all ? order : order.slice(0, SHOWN);
    const line = (i: number) => {
      const territoire = points.territoires[i];
      if (!territoire) return null;
      const { code, nom, population } = territoire;
      const value = cut.values[i] ?? NaN;
      return element(
        'tr',
        {},
        element('td', {}, rank[i] ? format.count(rank[i] ?? 0) : '–'),
        element('th', { scope: 'row' }, button({ class: 'link' }, () => this.choose(`${need.par}:${code}`), nom)),
        element('td', {}, Number.isNaN(value) ? element('span', { class: 'unknown' }, terms.unknown.toLocaleLowerCase()) : short(value, cut.figure)),
        element('td', {}, format.count(population)),
      );
    };
    this.place.replaceChildren(
      element(
        'table',
        { class: 'rangs' },
        element('caption', {}, terms.ranksCaption(nameOf(cut.figure), terms.levels[need.par])),
        element('thead', {}, element('tr', {}, ...[terms.rank, terms.place, terms.value, terms.people].map((text) => element('th', { scope: 'col' }, text)))),
        element('tbody', {}, ...rows.map(line)),
      ),
    );
    if (order.length > rows.length) this.place.append(button({ class: 'button button--quiet' }, () => this.open(), terms.all(order.length, need.par)));
  }

  private open(): void {
    this.all = true;
    if (this.view) this.show(this.view);
    this.place.querySelectorAll<HTMLElement>('tbody button')[SHOWN]?.focus();
  }
}
