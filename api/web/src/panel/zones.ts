/**
 * The ranked lists of zones, blanches and à vérifier: reading them is the first thing a
 * coordinator does. They are two, since a known need and what is not known call for other work.
 */
import type { CheckZone, Zone } from '../shared/api.ts';
import { button, type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { placed } from '../shared/names.ts';
import { words } from '../shared/words.ts';
import { byTimetable, type Mode, type Selection } from '../shared/state.ts';

/** Zones shown before "show more" is asked for. */
const FIRST = 8;
/** Zones added each time. */
const MORE = 40;
/** EPCI named under a zone, and lieux to ask. */
const NAMES_SHOWN = 2;

/** What a list is of. */
export interface Listing<Z> {
  readonly kind: 'zone' | 'verifier';
  readonly summary: (zones: number, people: number) => string;
  readonly empty: () => readonly Child[];
  /** What is said under the name of a zone. */
  readonly line: (zone: Z) => string;
}

/** Zones blanches; by timetable their time is that of walking. */
export const blanches = (mode: () => Mode): Listing<Zone> => ({
  kind: 'zone',
  summary: words.zones.summary,
  empty: () => [element('b', {}, words.zones.empty), ' ', words.zones.emptyHint],
  line: ({ access_min: minutes, lieu }) => (minutes === undefined ? words.zones.unreached : (byTimetable(mode()) ? words.timetable.onFootTo : words.zones.to)(minutes, lieu?.commune ?? lieu?.nom)),
});

export const TO_CHECK: Listing<CheckZone> = {
  kind: 'verifier',
  summary: words.check.summary,
  empty: () => [words.check.empty],
  line: ({ ask }) => (ask.length === 0 ? words.check.nobody : `${words.check.ask}\u00a0: ${firstOf(ask.map(({ nom, commune_nom: commune }) => ({ nom: placed({ nom, ...(commune ? { commune } : {}) }) })))}`),
};

export class ZoneList<Z extends Zone> {
  private zones: readonly Z[] = [];
  private shown = FIRST;
  private selected: string | undefined;

  constructor(
    private readonly summary: HTMLElement,
    private readonly place: HTMLElement,
    private readonly listing: Listing<Z>,
    private readonly choose: (selection: Selection) => void,
  ) {}

  show(zones: readonly Z[], people: number): void {
    this.zones = zones;
    this.shown = FIRST;
    this.summary.textContent = zones.length > 0 ? this.listing.summary(zones.length, people) : '';
    this.render();
  }

  /** Marks the zone that the card and the map show. */
  mark(selection: Selection | null): void {
    this.selected = selection?.kind === this.listing.kind ? selection.id : undefined;
    for (const item of this.place.querySelectorAll<HTMLElement>('[data-zone]')) {
      setCurrent(item, item.dataset['zone'] === this.selected);
    }
  }

  private render(): void {
    if (this.zones.length === 0) {
      this.place.replaceChildren(element('p', { class: 'empty' }, ...this.listing.empty()));
      return;
    }
    const list = element('ol', { class: 'zones' }, ...this.zones.slice(0, this.shown).map((zone) => this.item(zone)));
    this.place.replaceChildren(list);
    const left = Math.min(this.zones.length - this.shown, MORE);
    if (left > 0) {
      this.place.append(button({ class: 'button button--quiet' }, () => this.more(), words.zones.more(left)));
    }
  }

  private more(): void {
    const from = this.shown;
    this.shown += MORE;
    this.render();
    // The button that had the focus may be gone; go on from the first new zone.
    this.place.querySelectorAll<HTMLElement>('[data-zone]')[from]?.focus();
  }

  private item(zone: Z): HTMLLIElement {
    const { kind } = this.listing;
    const id = String(zone.id);
    const choose = button(
      { class: `zone zone--${kind}`, 'data-zone': id },
      () => this.choose({ kind, id }),
      element('span', { class: 'zone__rank', 'aria-hidden': 'true' }, String(zone.rank)),
      element(
        'span',
        { class: 'zone__text' },
        element('span', { class: 'zone__name' }, zone.nom),
        element('span', { class: 'zone__people' }, words.zones.people(zone.people)),
        element('span', { class: 'zone__way' }, this.listing.line(zone)),
        element('span', { class: 'zone__epci' }, firstOf(zone.epci)),
      ),
    );
    setCurrent(choose, id === this.selected);
    return element('li', {}, choose);
  }
}

/** Names, the first ones only when there are many. */
function firstOf(named: readonly { readonly nom: string }[]): string {
  const names = named.slice(0, NAMES_SHOWN).map(({ nom }) => nom);
  const left = named.length - names.length;
  return left > 0 ? `${names.join(', ')} ${words.details.moreCommunes(left)}` : format.list(names);
}

function setCurrent(node: HTMLElement, current: boolean): void {
  if (current) node.setAttribute('aria-current', 'true');
  else node.removeAttribute('aria-current');
}
