/** The ranked list of zones blanches: reading it is the first thing a coordinator does. */
import type { Zone, Zones } from '../shared/api.ts';
import { button, element } from '../shared/element.ts';
import { words } from '../shared/words.ts';
import type { Selection } from '../shared/state.ts';

/** Zones shown before "show more" is asked for. */
const FIRST = 8;
/** Zones added each time. */
const MORE = 40;
/** EPCI named under a zone. */
const EPCI_SHOWN = 2;

export class ZoneList {
  private zones: readonly Zone[] = [];
  private shown = FIRST;
  private selected: string | undefined;

  constructor(
    private readonly summary: HTMLElement,
    private readonly place: HTMLElement,
    private readonly choose: (zone: Zone) => void,
  ) {}

  show({ zones, people }: Zones): void {
    this.zones = zones;
    this.shown = FIRST;
    this.summary.textContent = zones.length > 0 ? words.zones.summary(zones.length, people) : '';
    this.render();
  }

  /** Marks the zone that the card and the map show. */
  mark(selection: Selection | null): void {
    this.selected = selection?.kind === 'zone' ? selection.id : undefined;
    for (const item of this.place.querySelectorAll<HTMLElement>('[data-zone]')) {
      setCurrent(item, item.dataset['zone'] === this.selected);
    }
  }

  private render(): void {
    if (this.zones.length === 0) {
      this.place.replaceChildren(
        element('p', { class: 'empty' }, element('b', {}, words.zones.empty), ' ', words.zones.emptyHint),
      );
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

  private item(zone: Zone): HTMLLIElement {
    const way = zone.access_min === undefined ? words.zones.unreached : words.zones.to(zone.access_min, zone.lieu?.commune ?? zone.lieu?.nom);
    const choose = button(
      { class: 'zone', 'data-zone': String(zone.id) },
      () => this.choose(zone),
      element('span', { class: 'zone__rank', 'aria-hidden': 'true' }, String(zone.rank)),
      element(
        'span',
        { class: 'zone__text' },
        element('span', { class: 'zone__name' }, zone.nom),
        element('span', { class: 'zone__people' }, words.zones.people(zone.people)),
        element('span', { class: 'zone__way' }, way),
        element('span', { class: 'zone__epci' }, epciNames(zone)),
      ),
    );
    setCurrent(choose, String(zone.id) === this.selected);
    return element('li', {}, choose);
  }
}

/** The EPCI of a zone, the first ones by name when it spans many. */
function epciNames({ epci }: Zone): string {
  const names = epci.slice(0, EPCI_SHOWN).map(({ nom }) => nom);
  const left = epci.length - names.length;
  return [...names, ...(left > 0 ? [words.details.moreCommunes(left)] : [])].join(', ');
}

function setCurrent(node: HTMLElement, current: boolean): void {
  if (current) node.setAttribute('aria-current', 'true');
  else node.removeAttribute('aria-current');
}
