/** The words of journeys by timetable, in English: see fr_timetable.ts. */
import type { Words } from './catalogue.ts';
import * as format from './format.ts';
import type * as fr from './fr_timetable.ts';

/** What is left out, in the order that it is told. */
const LEFT = {
  trips_far: 'trips that call nowhere near the territory',
  trips_school: 'trips of school lines',
  calls_on_request: 'calls on request',
  stops_off_streets: 'stops far from any street where people walk',
  stops_beyond: 'stops far outside the territory',
  trips_branching: 'trips that continue as another, which follows one already',
  transfers_of_no_stop: 'rules of transfers that name no stop',
  trips_without_wheelchairs: 'trips that take no wheelchair, or do not say',
  stops_without_wheelchairs: 'stops that take no wheelchair, or do not say',
} as const;

export const timetable: Words<typeof fr.timetable> = {
  none: (label) => `“${label}” is not offered: this edition has no timetables.`,
  dates: ({ from, to }) => `Timetables from ${format.date(from)} to ${format.date(to)}.`,
  told: ({ trips, walk_min: walk, stay_min: stay, away_min: away, left, holidays_known: known, lines, lines_idle_in_holidays: idle }) =>
    [
      `${format.count(trips)} trips in four weeks.`,
      !known && 'The school holidays of these dates are not known: they may be some.',
      lines !== undefined && idle !== undefined && `${format.count(idle)} of ${format.count(lines)} lines never run in holidays.`,
      `Walks of ${format.minutes(walk)} at most, ${format.minutes(stay)} there at least, ${format.hours(away / 60)} away from home at most.`,
      ...Object.entries(LEFT).map(([key, what]) => left[key as keyof typeof LEFT] > 0 && `Not counted: ${format.count(left[key as keyof typeof LEFT])} ${what}.`),
    ]
      .filter(Boolean)
      .join('\n'),
  more: 'What counts, and what does not',
  noHours: 'open when no bus allows it',
  byAppointment: 'a place that opens by appointment only, or never',
  withoutHours: (people) => `of whom ${format.count(people)}: open when no bus allows it, or by appointment only`,
  withoutHoursLabel: 'Seldom, without any hour',
  few: (people, hours, without) =>
    `${format.count(people)} more ${format.plural(people, 'has', 'have')} less than ${format.hours(hours)} a week to be there and come home${
      without > 0 ? `, of whom ${format.count(without)} where it is open when no bus allows it, or by appointment only` : ''
    }.`,
  counted: (counted, open) => `${counted} to be there and come home, of ${open} open a week`,
  noPlaces: 'These times are not computed by bus: choose on foot, by bicycle or by car.',
  momentDates: (dates) => `Dates: ${format.list(dates.map(({ date, ouvert }) => `${format.date(date)} (${format.people(ouvert)})`))}.`,
  onFoot: 'on foot: no bus allows it',
  partlyOnFoot: 'on foot for those whom no bus allows it',
  onFootTo: (minutes, nom) => `${format.minutes(minutes)} on foot to ${nom ?? 'the nearest'}`,
  frame: {
    reached: (commune, time) => `${commune}: ${time} to get there, waits included`,
    hours: (hours) => `${hours} a week to be there and come home`,
  },
  said: {
    titles: {
      classes: 'People by access by bus',
      temps: 'Time to get there, waits included',
      heures: 'Hours a week to be there and come home',
      moment: 'To be there at this time, and come home',
      ifn: 'Digital fragility (IFN index)',
      agir: 'Where to act first: fragile people without enough help by bus',
    },
    classNotes: (classe, minutes, hours) =>
      ({
        couverte: `a place within ${format.minutes(minutes)}, ${format.hours(hours)} a week or more to be there and come home`,
        grise: `a place within ${format.minutes(minutes)}, less than ${format.hours(hours)} a week to be there and come home`,
        blanche: `nothing within ${format.minutes(minutes)}, whatever its hours`,
        inconnue: `nothing known within ${format.minutes(minutes)}, but a place to ask`,
      })[classe],
    timeNote:
      'The shortest way there that counts: one is at the place while it is open, and home again the same day; waiting before a closed door is included. Where no bus allows it, the time on foot.',
    hourNote: 'The opening hours during which one can be at the place, having come and going home within the chosen time, on foot or by bus.',
    states: { ouvert: 'Open, and a bus allows it', parfois: 'Some weeks', inconnu: 'Unknown', ferme: 'Closed, or no bus allows it', aucun: 'No place' },
    notes: {
      ouvert: (minutes) => `within ${format.minutes(minutes)} both ways, on each of the dates`,
      parfois: () => 'on some of the dates',
      inconnu: () => 'none known to be open, hours unknown',
      ferme: (minutes) => `a place within ${format.minutes(minutes)}, but not at this time`,
      aucun: (minutes) => `within ${format.minutes(minutes)}, at any time`,
    },
    sentence: (when, people, total, minutes) => {
      const closed = people.ferme > 0 ? ` For ${format.count(people.ferme)}, a place is within reach, but closed or without a bus to be there and come home.` : '';
      const some = people.parfois > 0 ? ` ${format.count(people.parfois)} more on some of the dates.` : '';
      return `On ${when}, ${format.count(people.ouvert)} people (${format.share(people.ouvert, total)}) can be in an open place and come home, within ${format.minutes(minutes)}.${some}${closed}`;
    },
    accessTime: 'Time to get there, waits included',
    weeklyHours: 'Hours a week to be there and come home',
    medianTime: 'Median time to get there, waits included, on foot without a bus',
    ninetieth: 'Nine people in ten within',
    meanHours: 'Mean hours a week to be there and come home',
    minutes: 'Within how many minutes, both ways?',
    hours: 'How many hours a week to be there?',
  },
};
