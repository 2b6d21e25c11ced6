/** What several tools show: lieux to choose from, the one that was chosen, how to place something. */
import type { LieuFeature, LonLat } from '../shared/api.ts';
import { button, type Child, element } from '../shared/element.ts';
import type { Bench } from './bench.ts';
import { terms } from './words.ts';

/** Lieux to choose from: those around the centre of the map, or those whose name or commune holds what is typed. */
export function lieuField(
  bench: Bench,
  key: 'fermer' | 'deplacer' | 'horaires',
  wanted: (lieu: LieuFeature) => boolean,
  choose: (lieu: LieuFeature) => void,
): HTMLElement {
  const SHOWN = 6;
  const input = element('input', { type: 'search', id: 'chercher-lieu', autocomplete: 'off' });
  const list = element('ul', { class: 'lieux', 'aria-live': 'polite' });
  const candidates = bench.lieux.filter((lieu) => isOpen(lieu) && wanted(lieu));
  const render = () => {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    const center = bench.map.center();
    const found = candidates
      .filter(({ properties }) => words.every((word) => folded(`${properties.nom} ${properties.commune ?? ''}`).includes(word)))
      .sort((a, b) => distance(a.geometry.coordinates, center) - distance(b.geometry.coordinates, center));
    list.replaceChildren(
      ...found.slice(0, SHOWN).map((lieu) =>
        element(
          'li',
          {},
          button(
            { class: 'lieu-choice' },
            () => choose(lieu),
            element('span', {}, lieu.properties.nom),
            element('small', {}, lieu.properties.kind === 'arret' ? terms.pick.tour(lieu.properties.tournee ?? '') : (lieu.properties.commune ?? '')),
          ),
        ),
      ),
    );
    const left = found.length - SHOWN;
    if (found.length === 0) list.append(element('li', { class: 'tool__hint' }, terms.pick.none));
    else if (left > 0) list.append(element('li', { class: 'tool__hint' }, terms.pick.more(left)));
  };
  input.addEventListener('input', render);
  render();
  return element(
    'div',
    { class: 'tool' },
    element('p', { class: 'tool__question' }, terms.pick.question[key]),
    element('p', { class: 'tool__hint' }, terms.pick.hint),
    element('div', { class: 'field' }, element('label', { for: 'chercher-lieu' }, terms.pick.search), input),
    list,
  );
}

/** The id of the tournée that this stop belongs to: a stop's own adds its rank. */
export function tourOf({ properties }: LieuFeature): string {
  return properties.id.replace(/#\d+$/, '');
}

function isOpen({ properties }: LieuFeature): boolean {
  return (properties.services?.length ?? 0) > 0 && (properties.kind === 'arret' || !properties.itinerant);
}

export function isFixed({ properties }: LieuFeature): boolean {
  return properties.kind !== 'arret' && !properties.itinerant;
}

export function actionLieu(bench: Bench, index: number | undefined): LieuFeature | undefined {
  const action = index === undefined ? undefined : bench.scenario().actions[index];
  const id = action && 'id' in action ? action.id : undefined;
  return bench.lieux.find(({ properties }) => properties.id === id);
}

export function chosenLine({ properties }: LieuFeature, other: () => void): HTMLElement {
  return element(
    'p',
    { class: 'chosen' },
    element('b', {}, properties.nom),
    properties.commune ? ` (${properties.commune}) ` : ' ',
    button({ class: 'link' }, other, terms.pick.other),
  );
}

export function placingHelp(bench: Bench, label: string, place: (at: LonLat) => void): HTMLElement {
  return element(
    'div',
    { class: 'tool__place' },
    button({ class: 'button button--quiet' }, () => place(bench.map.center()), label),
    button({ class: 'link', title: terms.place.keyboard }, () => bench.map.focus(), terms.place.toMap),
  );
}

export function hintLine(...text: Child[]): HTMLElement {
  return element('p', { class: 'tool__hint', role: 'status' }, ...text);
}

export function faultLine(): HTMLElement {
  return element('p', { class: 'tool__fault', role: 'alert' });
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase('fr-FR');
}

/** Squared, in degrees of latitude: good enough to order what lies around. */
function distance([lon, lat]: LonLat, [toLon, toLat]: LonLat): number {
  const east = (lon - toLon) * Math.cos((toLat * Math.PI) / 180);
  return east * east + (lat - toLat) ** 2;
}
