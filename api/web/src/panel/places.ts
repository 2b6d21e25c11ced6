/** How far care and public services are from a cell: what the index counts, and from whom that is known. */
import type { Maille } from '../shared/api.ts';
import { element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { byTimetable, type Mode } from '../shared/state.ts';
import { words } from '../shared/words.ts';
import { facts } from './facts.ts';

type Place = NonNullable<Maille['equipements']>[number];

/** The columns of the index that equipements feed, in the order of the card: see AccessColumn in geo/edition. */
const COLUMNS = ['acces_urgences_min', 'acces_generaliste_min', 'acces_specialiste_min', 'acces_services_publics_min'] as const;

/** The times by a mode from a cell; one that no dataset of the edition gives is said to be unknown, as is why. */
export function placesSection({ equipements = [] }: Maille, mode: Mode): HTMLElement {
  if (byTimetable(mode)) return element('div', { class: 'card__places' }, element('h3', {}, words.details.places(mode)), element('p', { class: 'card__note' }, words.timetable.noPlaces));
  const found = COLUMNS.map((column) => [column, equipements.find(({ colonne }) => colonne === column)] as const);
  return element(
    'div',
    { class: 'card__places' },
    element('h3', {}, words.details.places(mode)),
    facts(...found.map(([column, place]) => [words.details.placeNames[column], place && told(place, mode)] as const)),
    found.some(([, place]) => !place) && element('p', { class: 'card__note' }, words.details.placesUnknown),
  );
}

function told({ minutes, plus_proche: nom, commune, placement, source, millesime, sources }: Place, mode: Mode): HTMLElement {
  if (minutes === undefined) return element('span', {}, words.details.placeUnreached(mode));
  // Two hospitals of one town are told apart by their names; a doctor has none here.
  const where = [nom, commune].filter(Boolean).join(', ');
  return element(
    'span',
    {},
    format.minutes(minutes),
    where && element('small', {}, where),
    placement && element('small', {}, words.details.placeAtCommune),
    element('small', {}, source ? words.details.placeSource(source, millesime && !source.includes(millesime) ? format.date(millesime) : undefined) : words.details.placeSources(sources)),
  );
}
