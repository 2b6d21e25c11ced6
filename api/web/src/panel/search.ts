/**
 * Finding a territoire of any type or a lieu of the edition by its name, or a lieu by its
 * address: a combobox with a list, as the ARIA authoring practices describe it.
 */
import type { Api } from '../shared/api.ts';
import { element } from '../shared/element.ts';
import { offered, typeName } from '../shared/levels.ts';
import { words } from '../shared/words.ts';
import { type Place, ranked } from '../shared/names.ts';
import type { Selection } from '../shared/state.ts';

interface Found extends Place {
  readonly kind: string;
  readonly selection: Selection;
}

const MOST = 8;
/** Lists of names asked for at a time: an edition may have many types. */
const AT_ONCE = 4;

export class Search {
  private places: Promise<readonly Found[]> | undefined;
  private found: readonly Found[] = [];
  private active = -1;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly list: HTMLElement,
    private readonly voice: HTMLElement,
    private readonly api: Api,
    private readonly choose: (selection: Selection) => void,
    private readonly fail: (error: unknown) => void,
  ) {
    input.addEventListener('focus', () => void this.load());
    input.addEventListener('input', () => void this.look());
    input.addEventListener('keydown', (event) => this.onKey(event));
    input.addEventListener('blur', () => this.show([]));
    // Before the field loses the focus, and the list goes.
    list.addEventListener('pointerdown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const option = (event.target as Element).closest('[role=option]');
      if (option) this.take([...list.children].indexOf(option));
    });
  }

  /** Names are asked for when a person comes to type one. */
  private load(): Promise<readonly Found[]> {
    this.places ??= Promise.all([
      territoires(this.api),
      this.api.getLieux().then((lieux) => {
        // A tour has a feature per stop, and one card.
        const byId = new Map(lieux.map(({ properties }) => [properties.id, properties]));
        return [...byId.values()].map(
          ({ id, nom, adresse, commune }): Found => ({ nom, beside: [adresse, commune].filter(Boolean).join(', '), kind: words.search.lieu, selection: { kind: 'lieu', id } }),
        );
      }),
    ]).then((lists) => lists.flat());
    this.places.catch((error: unknown) => {
      this.places = undefined;
      this.fail(error);
    });
    return this.places;
  }

  private async look(): Promise<void> {
    const { value } = this.input;
    const places = await this.load().catch(() => []);
    if (this.input.value !== value) return;
    this.show(ranked(places, value, MOST));
    if (value.trim()) this.voice.textContent = words.search.count(this.found.length);
    if (value.trim() && this.found.length === 0) {
      this.list.replaceChildren(element('li', { role: 'option', 'aria-disabled': 'true' }, words.search.none));
      this.open(true);
    }
  }

  private show(found: readonly Found[]): void {
    this.found = found;
    this.list.replaceChildren(
      ...found.map(({ nom, beside, kind }, at) =>
        element('li', { role: 'option', id: `${this.list.id}-${at}` }, element('span', {}, nom), element('small', {}, [kind, beside].filter(Boolean).join(' · '))),
      ),
    );
    this.open(found.length > 0);
    this.mark(found.length > 0 ? 0 : -1);
  }

  private open(open: boolean): void {
    this.list.hidden = !open;
    this.input.setAttribute('aria-expanded', String(open));
  }

  private mark(at: number): void {
    this.active = at;
    [...this.list.children].forEach((option, index) => option.setAttribute('aria-selected', String(index === at)));
    if (at < 0) this.input.removeAttribute('aria-activedescendant');
    else this.input.setAttribute('aria-activedescendant', `${this.list.id}-${at}`);
  }

  private onKey(event: KeyboardEvent): void {
    const { length } = this.found;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && length) this.mark((this.active + step + length) % length);
    else if (event.key === 'Enter' && this.active >= 0) this.take(this.active);
    else if (event.key === 'Enter') void this.look().then(() => this.take(0)); // faster than the names came
    else if (event.key === 'Escape' && !this.list.hidden) this.show([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private take(at: number): void {
    const place = this.found[at];
    if (!place) return;
    this.input.value = place.nom;
    this.show([]);
    this.choose(place.selection);
  }
}

/** The names of every territoire of the edition, communes first: of equal names, theirs is the one most often meant. */
export async function territoires(api: Pick<Api, 'getEdition' | 'getTerritoires'>): Promise<Found[]> {
  const { levels } = await api.getEdition();
  const types = offered(levels);
  types.unshift(...types.splice(-1));
  const lists: Found[][] = [];
  const next = types.entries();
  const ask = async () => {
    for (const [at, type] of next) {
      const kind = typeName(type, levels);
      lists[at] = (await api.getTerritoires(type)).map(({ nom, code }) => ({ nom, beside: '', kind, selection: { kind: 'territoire', id: `${type}:${code}` } }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return lists.flat();
}
