/** Transport on demand: whom it would serve, apart from timetables, and how to ask for it. */
import { telephoneLink } from '../panel/facts.ts';
import { type Child, element } from '../shared/element.ts';
import type { CellReservation } from './shapes.ts';
import { terms } from './words.ts';

/** `sentence` is the server's; zones are those that hold homes of a cell. Nothing where no zone is. */
export function demandSection(reserved: Pick<CellReservation, 'people' | 'unknown'> | undefined, sentence = '', zones: CellReservation['zones'] = []): Child {
  if (!reserved || (zones.length === 0 && reserved.people + reserved.unknown === 0)) return null;
  const item = (zone: CellReservation['zones'][number]) =>
    element(
      'li',
      {},
      zone.nom,
      element('small', {}, terms.zone(zone)),
      zone.telephone !== undefined && telephoneLink(zone.telephone),
    );
  return element(
    'div',
    { class: 'trips' },
    element('h3', {}, terms.demand),
    element('p', {}, terms.booked(reserved, sentence)),
    zones.length > 0 && element('ul', { class: 'card__links' }, ...zones.map(item)),
  );
}
