/** The table of territoires: the content of the map for whoever cannot, or would rather not, read a map. */
import type { Gap } from '../shared/api.ts';
import { classBar } from '../shared/bar.ts';
import { button, element, type Child } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { levelName, type Levels } from '../shared/levels.ts';
import { words } from '../shared/words.ts';
import { matches } from '../shared/names.ts';
import { byTimetable, type Selection, type State } from '../shared/state.ts';

type Key = 'rank' | 'nom' | 'population' | 'blanche' | 'grise' | 'inconnue' | 'couverte' | 'median' | 'hours' | 'ifn';

interface ColumnOf {
  readonly key: Key;
  readonly label: string;
  readonly title?: string;
  /** What is compared; undefined (unknown) always comes last. */
  readonly value: (row: Gap) => number | string | undefined;
  /** Which way the first click sorts: the rows to look at come first. */
  readonly first: Direction;
}

type Direction = 'ascending' | 'descending';

const COLUMNS: readonly ColumnOf[] = [
  { key: 'rank', label: words.table.rank, title: words.table.rankTitle, value: (row) => row.rank, first: 'ascending' },
  { key: 'nom', label: words.table.nom, value: (row) => row.nom, first: 'ascending' },
  { key: 'population', label: words.table.population, value: (row) => row.population, first: 'descending' },
  { key: 'blanche', label: words.table.blanche, value: (row) => row.classes.blanche, first: 'descending' },
  { key: 'grise', label: words.table.grise, value: (row) => row.classes.grise, first: 'descending' },
  { key: 'inconnue', label: words.table.inconnue, value: (row) => row.classes.inconnue, first: 'descending' },
  { key: 'couverte', label: words.table.couverte, value: (row) => row.classes.couverte, first: 'descending' },
  { key: 'median', label: words.table.median, value: (row) => row.access_min?.p50, first: 'descending' },
  { key: 'hours', label: words.table.hours, value: (row) => row.hours_week?.mean, first: 'ascending' },
  { key: 'ifn', label: words.table.ifn, value: (row) => row.ifn?.score, first: 'descending' },
];

const collator = new Intl.Collator('fr-FR', { sensitivity: 'base', numeric: true });

/** Rows in the order of `key`; the unknown last either way, and equal rows by name and code. */
export function sorted(rows: readonly Gap[], key: Key, direction: Direction): Gap[] {
  const column = COLUMNS.find((candidate) => candidate.key === key);
  const sign = direction === 'ascending' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [x, y] = [column?.value(a), column?.value(b)];
    if (x === undefined || y === undefined) {
      if (x !== y) return x === undefined ? 1 : -1;
    } else {
      const order = typeof x === 'string' ? collator.compare(x, String(y)) : x - Number(y);
      if (order !== 0) return sign * order;
    }
    return collator.compare(a.nom, b.nom) || (a.code < b.code ? -1 : 1);
  });
}

export class TerritoireTable {
  private rows: readonly Gap[] = [];
  private key: Key = 'rank';
  private direction: Direction = 'ascending';
  private search = '';
  private selected: string | undefined;
  private state: State | undefined;
  private levels: Levels = [];

  constructor(
    private readonly place: HTMLElement,
    private readonly status: HTMLElement,
    private readonly choose: (territoire: Gap) => void,
  ) {}

  /** Shows rows of the level of the state, which `levels` may name. */
  show(rows: readonly Gap[], state: State, levels: Levels): void {
    this.rows = rows;
    this.state = state;
    this.levels = levels;
    this.render();
  }

  filter(search: string): void {
    this.search = search;
    this.render();
  }

  mark(selection: Selection | null): void {
    this.selected = selection?.kind === 'territoire' ? selection.id : undefined;
    for (const row of this.place.querySelectorAll<HTMLElement>('tr[data-territoire]')) {
      row.classList.toggle('is-selected', row.dataset['territoire'] === this.selected);
    }
  }

  private render(): void {
    if (!this.state) return;
    const { niveau, minutes, mode, hours, service } = this.state;
    const rows = sorted(this.rows, this.key, this.direction).filter(({ nom }) => matches(nom, this.search));
    const without = byTimetable(mode) ? rows.reduce((sum, row) => sum + row.grise_without_hours, 0) : 0;
    this.status.textContent = rows.length > 0 ? words.table.shown(rows.length) : words.table.none;
    this.place.replaceChildren(
      element(
        'table',
        {},
        element('caption', {}, `${words.table.caption(levelName(niveau, this.levels), minutes, mode, hours, service)}${without > 0 ? ` ${words.classes.grise}, ${words.timetable.withoutHours(without)}.` : ''}`),
        element('thead', {}, element('tr', {}, ...COLUMNS.flatMap((column) => this.header(column)))),
        element('tbody', {}, ...rows.map((row) => this.row(row))),
      ),
    );
  }

  private header({ key, label, title, first }: ColumnOf): Child[] {
    const current = this.key === key;
    const header = element(
      'th',
      { scope: 'col', class: `table__${key}`, 'aria-sort': current ? this.direction : false },
      button({ class: 'sort', title, 'data-sort': key }, () => this.sort(key, first), label),
    );
    const split = key === 'population' && element('th', { scope: 'col', class: 'table__split' }, words.table.split);
    return [header, split];
  }

  private sort(key: Key, first: Direction): void {
    const opposite: Direction = this.direction === 'ascending' ? 'descending' : 'ascending';
    this.direction = this.key === key ? opposite : first;
    this.key = key;
    this.render();
    this.place.querySelector<HTMLElement>(`[data-sort="${key}"]`)?.focus();
  }

  private row(gap: Gap): HTMLTableRowElement {
    const id = `${gap.type}:${gap.code}`;
    const number = (key: Key, text: string | undefined, small?: string) =>
      element(
        'td',
        { class: `table__${key}` },
        text ?? element('span', { class: 'unknown' }, words.table.unknown),
        small && element('small', {}, small),
      );
    const without = this.state && byTimetable(this.state.mode) && gap.grise_without_hours > 0 && words.table.withoutHours(gap.grise_without_hours);
    const people = (key: 'blanche' | 'grise' | 'inconnue' | 'couverte') =>
      number(key, format.count(gap.classes[key]), [format.share(gap.classes[key], gap.population), key === 'grise' && without].filter(Boolean).join(' · '));
    const known = (value: number | undefined, show: (value: number) => string) =>
      value === undefined ? undefined : show(value);
    return element(
      'tr',
      { 'data-territoire': id, class: id === this.selected && 'is-selected' },
      number('rank', known(gap.rank, format.count)),
      element('th', { scope: 'row', class: 'table__nom' }, button({ class: 'link' }, () => this.choose(gap), gap.nom)),
      number('population', format.count(gap.population)),
      element('td', { class: 'table__split' }, classBar(gap, { decorative: true })),
      people('blanche'),
      people('grise'),
      people('inconnue'),
      people('couverte'),
      number('median', known(gap.access_min?.p50, format.minutes)),
      number('hours', known(gap.hours_week?.mean, format.hours)),
      number('ifn', known(gap.ifn?.score, format.decimal)),
    );
  }
}
