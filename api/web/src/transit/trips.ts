/** How people of a cell get to lieux by timetable while these are open, and back. */
import { type Child, element } from '../shared/element.ts';
import { words } from '../shared/words.ts';
import type { TripLieu, Trips, Visit, Way } from './shapes.ts';
import { terms } from './words.ts';

/** Visits of one weekday, which follow each other. */
export interface Day {
  readonly day: number;
  readonly visits: readonly Visit[];
}

/** Visits by weekday, in their order. */
export function byDay(visits: readonly Visit[]): readonly Day[] {
  const days: { day: number; visits: Visit[] }[] = [];
  for (const visit of visits) {
    const last = days.at(-1);
    if (last?.day === visit.jour) last.visits.push(visit);
    else days.push({ day: visit.jour, visits: [visit] });
  }
  return days;
}

/** Whether anything that is ridden is modelled. */
export function rests({ lieux }: Trips): boolean {
  const modelled = ({ trajets }: Way) => trajets.some(({ modelise }) => modelise === true);
  return lieux.some(({ visites }) => visites.some(({ aller, retour }) => modelled(aller) || modelled(retour)));
}

/** `trips` is absent where there is no server to ask; `link` opens a lieu. */
export function tripsSection(trips: Trips | undefined, link: (id: string, nom: string) => HTMLElement): HTMLElement {
  if (!trips) return element('div', { class: 'trips' }, element('h3', {}, terms.title), element('p', { class: 'card__note' }, terms.noServer));
  return element(
    'div',
    { class: 'trips' },
    element('h3', {}, terms.title),
    element('p', {}, terms.from(trips)),
    trips.arret && element('p', { class: 'card__note' }, terms.stop(trips.arret.nom, trips.arret.walk_min)),
    ...trips.lieux.map((lieu) => lieuTrips(lieu, link)),
    trips.autres_lieux > 0 && element('p', { class: 'card__note' }, terms.leftLieux(trips.autres_lieux)),
    rests(trips) && element('p', { class: 'ask' }, element('b', {}, terms.modelled)),
    trips.lieux.length > 0 && element('p', { class: 'card__note' }, terms.dates(trips.from, trips.to)),
  );
}

function lieuTrips(lieu: TripLieu, link: (id: string, nom: string) => HTMLElement): HTMLElement {
  const { visites: visits, autres_visites: left } = lieu;
  const first = visits[0];
  return element(
    'section',
    { class: 'trips__lieu' },
    link(lieu.id, lieu.nom),
    element('small', {}, [lieu.commune, terms.reach(lieu.minutes, lieu.hours_week), lieu.a_pied && terms.onFoot].filter(Boolean).join(' · ')),
    first && element('p', { class: 'trips__first' }, terms.visit(first)),
    visits.length > 1 &&
      element(
        'details',
        { class: 'trips__week' },
        element('summary', {}, terms.week(visits.length + left)),
        table(visits),
        left > 0 && element('p', { class: 'card__note' }, terms.left(left)),
      ),
  );
}

function table(visits: readonly Visit[]): HTMLTableElement {
  const head = (text: string) => element('th', { scope: 'col' }, text);
  return element(
    'table',
    { class: 'trips__table' },
    element('thead', {}, element('tr', {}, head(terms.out), head(terms.there), head(terms.back))),
    ...byDay(visits).map(({ day, visits: those }) => {
      const weeks = new Set(those.map(terms.weeks));
      const alike = weeks.size === 1; // said once
      return element(
        'tbody',
        {},
        element('tr', {}, element('th', { scope: 'rowgroup', colspan: 3 }, words.moment.days[day - 1] ?? '', alike && element('small', {}, ...weeks))),
        ...those.map((visit) =>
          element(
            'tr',
            {},
            element('td', {}, hours(visit.aller.depart, visit.aller.arrivee), lines(visit.aller), !alike && element('small', {}, terms.weeks(visit))),
            element('td', {}, hours(visit.sur_place_de, visit.sur_place_a)),
            element('td', {}, hours(visit.retour.depart, visit.retour.arrivee), lines(visit.retour)),
          ),
        ),
      );
    }),
  );
}

function hours(from: string, to: string): Child {
  return element('span', {}, `${terms.hour(from)} – ${terms.hour(to)}`);
}

/** The lines in a word, the whole way for who asks. */
function lines(way: Way): HTMLElement {
  return element('small', { title: terms.way(way) }, way.trajets.map(({ ligne, nom }) => ligne ?? nom ?? '–').join(' + '));
}
