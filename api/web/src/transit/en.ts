/** The words of journeys by timetable, in English; the same shape as fr.ts. */
import type { fr } from './fr.ts';
import type { Bus, BusHalfDay, Trips, Visit, Way } from './shapes.ts';
import * as format from '../shared/format.ts';
import { words } from '../shared/words.ts';
import { clock } from './clock.ts';

function way({ trajets: rides, marches_min: walks }: Way): string {
  const walk = (minutes = 0) => (minutes > 0 ? [`${format.minutes(minutes)} on foot`] : []);
  const parts = rides.flatMap(({ ligne: line, de: from, a: to, depart, arrivee: arrive, toutes_les_min: every, modelise: modelled }, index) => [
    ...walk(walks[index]),
    `${line ? `line ${line}` : 'a coach'}${modelled ? ' (modelled)' : ''}${every ? `, about every ${format.minutes(every)}` : ''} from ${from} at ${clock(depart)} to ${to} at ${clock(arrive)}`,
  ]);
  return [...parts, ...walk(walks.at(-1))].join(', ');
}

function weeks({ semaines }: Visit): string {
  return semaines.length === 4 ? 'every week' : `${format.plural(semaines.length, 'week', 'weeks')} ${format.list(semaines.map(String))} of 4`;
}

const HALF = { matin: 'morning', 'apres-midi': 'afternoon' } as const;

export const en: { readonly [K in keyof typeof fr]: (typeof fr)[K] extends string ? string : (typeof fr)[K] } = {
  title: 'There and back by bus',
  from: ({ depart, lieux }: Trips) => {
    if (!depart) return 'Nobody lives here.';
    if (lieux.length === 0) return 'By bus one cannot be there while it is open and come home.';
    return depart.people === depart.of_people
      ? `From ${depart.nom}, ${format.people(depart.people)}.`
      : `From the part of the cell where most people live, in ${depart.nom}: ${format.people(depart.people)} of ${format.count(depart.of_people)}.`;
  },
  stop: (name, minutes) => `Nearest stop: ${name}, ${format.minutes(minutes)} on foot.`,
  reach: (minutes, hours) => `${format.minutes(minutes)} at best · one can be there ${format.hours(hours)} a week`,
  onFoot: 'on foot too, whenever it is open',
  week: (visits) => `${format.count(visits)} ${format.plural(visits, 'possibility', 'possibilities')} in the week`,
  left: (visits) => `and ${format.count(visits)} more`,
  leftLieux: (lieux) => `${format.count(lieux)} more ${format.plural(lieux, 'place', 'places')} can be reached so.`,
  weeks,
  day: 'Day',
  out: 'Out',
  there: 'Help counted',
  back: 'Back',
  visit: (visit) =>
    `${words.moment.days[visit.jour - 1] ?? ''} (${weeks(visit)}): ${way(visit.aller)}; help counted from ${clock(visit.sur_place_de)} to ${clock(visit.sur_place_a)}; back: ${way(visit.retour)}, home at ${clock(visit.retour.arrivee)}.`,
  way,
  dates: (from, to) => `Timetables of ${format.date(from)} to ${format.date(to)}, a cycle of four weeks; check them before you leave.`,
  modelled: 'Modelled network: these lines and times are plausible, not real.',
  noServer: 'Journeys by bus are not part of this map, which has no server.',
  lieuTitle: 'Who comes by bus',
  comes: () => 'People who can come by bus while it is open, and go home:',
  halves: (_, halves: readonly BusHalfDay[]) =>
    halves.map(({ jour, moment, people, chaque_semaine: every }) => `${words.moment.days[jour - 1] ?? ''} ${HALF[moment]}${every < people ? ' (some weeks)' : ''}`).join(', '),
  others: (communes) => `${format.count(communes)} more ${format.plural(communes, 'commune', 'communes')}`,
  adds: 'What buses add to walking',
  added: ({ people, joignent, a_pied: onFoot, sans, inconnu, menages_sans_voiture: carless, menages_sans_voiture_inconnu_hab: untold }: Bus) =>
    [
      `${format.people(joignent)} (${format.share(joignent, people)}) find enough hours of help by bus or on foot, ${format.count(joignent - onFoot)} more than on foot alone.`,
      sans > 0 &&
        `${format.people(sans)} do not${carless === undefined ? '; how many households among them have no car is unknown' : `, among them about ${format.count(carless)} households without a car (estimate${untold > 0 ? `; unknown for ${format.people(untold)}` : ''})`}.`,
      inconnu > 0 && `For ${format.people(inconnu)} it depends on places that must be asked.`,
    ]
      .filter(Boolean)
      .join(' '),
  demand: 'On request',
  booked: ({ people, unknown }) =>
    [
      people > 0 && `${format.people(people)} who find no hour by bus would find some by transport on demand.`,
      unknown > 0 && `${format.people(unknown)} might: hours of their zone or of a place in it are unknown.`,
      people + unknown === 0 && 'Nobody more would find help by transport on demand.',
      'They count in no class.',
    ]
      .filter(Boolean)
      .join(' '),
  zone: ({ horaires: hours, preavis_min: notice }) =>
    [hours, notice === undefined ? 'notice unknown' : notice === 0 ? 'no notice' : `to be booked ${format.minutes(notice)} before`].filter(Boolean).join(' · '),
  lines: 'Bus lines',
  traced: 'Drawn from stop to stop, not along streets.',
  linesAt: (lines) => `Lines: ${lines}`,
  passages: (week) => `${format.decimal(week)} ${format.plural(week, 'call', 'calls')} a week`,
  offStreet: 'No known street leads there: it does not count.',
  modelledStop: 'Modelled stop, not real.',
  hour: clock,
};
