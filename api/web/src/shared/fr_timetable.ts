/** The words of journeys by timetable, in French; en_timetable.ts has the same shape. */
import type { Classe, Moment, MomentPeople, Timetables } from './api.ts';
import * as format from './format.ts';
import { CLASS_MEANINGS_BY_TIMETABLE, HOUR_BY_TIMETABLE, MEASURE_TITLES_BY_TIMETABLE, MOMENT_LABELS_BY_TIMETABLE, TIME_BY_TIMETABLE } from './legend.gen.ts';
import type { MomentState } from './palette.ts';
import type { View } from './state.ts';

export const timetable = {
  /** Why the mode cannot be chosen. */
  none: (label: string) => `«\u202f${label}\u202f» n’est pas proposé\u00a0: cette édition n’a pas d’horaires de transport.`,
  dates: ({ from, to }: Timetables) => `Horaires du ${format.date(from)} au ${format.date(to)}.`,
  /** What counts and what does not, in the server's words, without the dates. */
  told: ({ sentences }: Timetables) => sentences.slice(1).map((text) => `${text.charAt(0).toLocaleUpperCase('fr-FR')}${text.slice(1)}.`).join('\n'),
  more: 'Ce qui compte, et ce qui ne compte pas',
  /** Why a lieu within reach gives no hour. */
  noHours: 'ouvert quand aucun car ne le permet',
  byAppointment: 'un lieu qui n’ouvre que sur rendez-vous, ou jamais',
  withoutHours: (people: number) => `dont ${format.count(people)}\u00a0: ouvert quand aucun car ne le permet, ou seulement sur rendez-vous`,
  withoutHoursLabel: 'Grise, sans aucune heure',
  few: (people: number, hours: number, without: number) =>
    `${format.count(people)} de plus ${format.plural(people, 'a', 'ont')} moins de ${format.hours(hours)} par semaine où l’on peut y être et rentrer${
      without > 0 ? `, dont ${format.count(without)} pour qui c’est ouvert quand aucun car ne le permet, ou seulement sur rendez-vous` : ''
    }.`,
  counted: (counted: string, open: string) => `${counted} où l’on peut y être et rentrer, sur ${open} d’ouverture par semaine`,
  noPlaces: 'Ces temps ne se calculent pas en bus ou car\u00a0: choisissez à pied, à vélo ou en voiture.',
  momentDates: (dates: NonNullable<Moment['dates']>) => `Dates prises\u00a0: ${format.list(dates.map(({ date, ouvert }) => `${format.date(date)} (${format.people(ouvert)})`))}.`,
  onFoot: 'à pied : aucun bus ne le permet',
  partlyOnFoot: 'à pied pour ceux à qui aucun bus ne le permet',
  onFootTo: (minutes: number, nom: string | undefined) => `${format.minutes(minutes)} à pied jusqu’${nom ? `à ${nom}` : 'au plus proche'}`,
  frame: {
    reached: (commune: string, time: string) => `${commune} : ${time} pour aller, attente comprise`,
    hours: (hours: string) => `${hours} par semaine où l’on peut y être et rentrer`,
  },
  said: {
    titles: MEASURE_TITLES_BY_TIMETABLE satisfies Record<View, string>,
    classNotes: (classe: Classe, minutes: number, hours: number) =>
      CLASS_MEANINGS_BY_TIMETABLE[classe].replace('{T}', format.minutes(minutes)).replace('{H}', format.hours(hours)),
    timeNote: TIME_BY_TIMETABLE,
    hourNote: HOUR_BY_TIMETABLE,
    states: MOMENT_LABELS_BY_TIMETABLE satisfies Record<MomentState, string>,
    notes: {
      ouvert: (minutes: number) => `à ${format.minutes(minutes)} au plus à l’aller comme au retour, à chacune des dates`,
      parfois: () => 'à certaines des dates',
      inconnu: () => 'aucun n’est su ouvert, horaires inconnus',
      ferme: (minutes: number) => `un lieu à ${format.minutes(minutes)}, mais pas à cette heure`,
      aucun: (minutes: number) => `à ${format.minutes(minutes)}, quelle que soit l’heure`,
    } satisfies Record<MomentState, (minutes: number) => string>,
    sentence: (when: string, people: MomentPeople, total: number, minutes: number) => {
      const closed = people.ferme > 0 ? ` Pour ${format.count(people.ferme)}, un lieu est à portée, mais fermé ou sans bus pour y être et en revenir.` : '';
      const some = people.parfois > 0 ? ` ${format.count(people.parfois)} de plus à certaines des dates.` : '';
      return `Le ${when}, ${format.count(people.ouvert)} habitants (${format.share(people.ouvert, total)}) peuvent être dans un lieu ouvert et en revenir, à ${format.minutes(minutes)} au plus.${some}${closed}`;
    },
    accessTime: 'Temps de l’aller, attente comprise',
    weeklyHours: 'Heures par semaine où l’on peut y être et rentrer',
    medianTime: 'Temps de l’aller médian, attente comprise, à pied sans bus',
    ninetieth: 'Neuf habitants sur dix à moins de',
    meanHours: 'Heures par semaine où l’on peut y être et rentrer, en moyenne',
    minutes: 'En combien de minutes, à l’aller comme au retour\u202f?',
    hours: 'Combien d’heures par semaine peut-on y être\u202f?',
  },
} as const;
