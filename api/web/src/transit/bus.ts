/** What buses add: to a lieu, the communes from which people come; to a territoire, the people whom walking leaves. */
import { type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import type { Bus, BusTo } from './shapes.ts';
import { terms } from './words.ts';

const COMMUNES_SHOWN = 8;

/** Who comes to a lieu by bus, from which communes and on which half-days. */
export function busToSection(bus: BusTo | undefined): Child[] {
  if (!bus) return [];
  const item = ({ nom, people, sentence, demi_journees: halves }: BusTo['communes'][number]) =>
    element('li', {}, `${nom} · ${format.people(people)}`, element('small', {}, terms.halves(sentence, halves)));
  const list = (some: BusTo['communes']) => element('ul', { class: 'card__links' }, ...some.map(item));
  const left = bus.communes.slice(COMMUNES_SHOWN);
  return [
    element(
      'div',
      { class: 'trips' },
      element('h3', {}, terms.lieuTitle),
      element('p', {}, terms.comes(bus.sentence)),
      bus.communes.length > 0 && list(bus.communes.slice(0, COMMUNES_SHOWN)),
      left.length > 0 && element('details', {}, element('summary', {}, terms.others(left.length)), list(left)),
    ),
  ];
}

/** What buses add to walking for a territoire, and whom they leave out; nothing of other modes. */
export function addedSection(bus: Bus | undefined): Child {
  if (!bus || bus.people === 0) return null;
  return element('div', { class: 'trips' }, element('h3', {}, terms.adds), element('p', {}, terms.added(bus)));
}
