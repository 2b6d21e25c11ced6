/** The table of territoires with what surrounds it: its level, its filter, the EPCI it is limited to, open or not. */
import type { Gap } from '../shared/api.ts';
import { byId } from '../shared/element.ts';
import type { Level, State, Store } from '../shared/state.ts';
import { words } from '../shared/words.ts';
import { TerritoireTable } from './table.ts';

export class Board {
  private readonly table: TerritoireTable;

  constructor(private readonly store: Store) {
    this.table = new TerritoireTable(byId('tableau-corps'), byId('tableau-etat'), (gap) => {
      store.update({ selection: { kind: 'territoire', id: `${gap.type}:${gap.code}` } });
    });
    byId('tableau-bouton').addEventListener('click', () => store.update({ tableau: !store.state.tableau }));
    for (const radio of document.querySelectorAll<HTMLInputElement>('input[name="niveau"]')) {
      radio.addEventListener('change', () => {
        this.filter('');
        store.update({ niveau: radio.value as Level, dans: null });
      });
    }
    byId('tableau-dans').addEventListener('click', () => store.update({ dans: null }));
    byId('filtre').addEventListener('input', (event) => this.table.filter((event.target as HTMLInputElement).value));
  }

  /** Shows the rows of the level, and what the table is limited to; `epci` are the rows that may name it. */
  show(rows: readonly Gap[], state: State, epci: readonly Gap[] | undefined): void {
    this.table.show(rows, state);
    this.follow(state, epci);
    this.table.mark(state.selection);
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
