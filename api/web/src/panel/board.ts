/** The table of territoires with what surrounds it: its level, its filter, the EPCI it is limited to, open or not. */
import type { Gap } from '../shared/api.ts';
import { byId, element } from '../shared/element.ts';
import { levelName, type Levels, offered } from '../shared/levels.ts';
import type { State, Store } from '../shared/state.ts';
import { words } from '../shared/words.ts';
import { TerritoireTable } from './table.ts';

export class Board {
  private readonly table: TerritoireTable;
  private levels: Levels = [];

  constructor(private readonly store: Store) {
    this.table = new TerritoireTable(byId('tableau-corps'), byId('tableau-etat'), (gap) => {
      store.update({ selection: { kind: 'territoire', id: `${gap.type}:${gap.code}` } });
    });
    byId('tableau-bouton').addEventListener('click', () => store.update({ tableau: !store.state.tableau }));
    byId('niveaux').addEventListener('change', (event) => {
      this.filter('');
      store.update({ niveau: (event.target as HTMLInputElement).value, dans: null });
    });
    byId('tableau-dans').addEventListener('click', () => store.update({ dans: null }));
    byId('filtre').addEventListener('input', (event) => this.table.filter((event.target as HTMLInputElement).value));
  }

  /** Shows the rows of the level, and what the table is limited to; `epci` are the rows that may name it. */
  show(rows: readonly Gap[], state: State, epci: readonly Gap[] | undefined): void {
    this.table.show(rows, state, this.levels);
    this.follow(state, epci);
    this.table.mark(state.selection);
  }

  /** Offers the levels that an edition has beyond those written in the page, before the communes. */
  fit(levels: Levels): void {
    this.levels = levels;
    const choices = byId('niveaux');
    const written = new Set([...choices.querySelectorAll('input')].map(({ value }) => value));
    for (const type of offered(levels).filter((level) => !written.has(level))) {
      const choice = element('label', {}, element('input', { type: 'radio', name: 'niveau', value: type }), element('span', {}, levelName(type, levels)));
      choices.insertBefore(choice, choices.lastElementChild);
    }
  }

  mark(selection: State['selection']): void {
    this.table.mark(selection);
  }

  follow(state: State, epci: readonly Gap[] | undefined): void {
    const { tableau, niveau, dans } = state;
    const limit = byId('tableau-dans');
    const known = epci?.find(({ code }) => `epci:${code}` === dans);
    limit.hidden = within(state) === null;
    limit.textContent = words.table.within(known?.nom ?? dans ?? '');
    byId('tableau').classList.toggle('is-open', tableau);
    const toggle = byId('tableau-bouton');
    toggle.setAttribute('aria-expanded', String(tableau));
    toggle.textContent = tableau ? words.table.close : words.table.open;
    for (const radio of document.querySelectorAll<HTMLInputElement>('input[name="niveau"]')) {
      radio.checked = radio.value === niveau;
    }
  }

  showCommunesOf(epci: Gap): void {
    this.filter('');
    this.store.update({ niveau: 'commune', dans: `epci:${epci.code}`, tableau: true });
    byId('tableau').focus();
  }

  private filter(search: string): void {
    (byId('filtre') as HTMLInputElement).value = search;
    this.table.filter(search);
  }
}

/** The territoire that the table is limited to: only communes are. */
export function within({ niveau, dans }: State): string | null {
  return niveau === 'commune' ? dans : null;
}
