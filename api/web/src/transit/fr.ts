/** The words of journeys by timetable, in French; en.ts has the same shape. */
import type { Bus, BusHalfDay, CellReservation, Trips, Visit, Way } from './shapes.ts';
import * as format from '../shared/format.ts';
import { clock } from './clock.ts';

type Reserved = Pick<CellReservation, 'people' | 'unknown'>;

export const fr = {
  title: 'Y aller en bus ou en car, et en revenir',
  /** In the server's words. */
  from: ({ sentence }: Trips) => sentence,
  stop: (name: string, minutes: number) => `Arrêt le plus proche\u00a0: ${name}, à ${format.minutes(minutes)} à pied.`,
  reach: (minutes: number, hours: number) => `${format.minutes(minutes)} au plus court · on peut y être ${format.hours(hours)} par semaine`,
  onFoot: 'aussi à pied, à toutes ses heures d’ouverture',
  week: (visits: number) => `${format.count(visits)} ${format.plural(visits, 'possibilité', 'possibilités')} dans la semaine`,
  left: (visits: number) => `et ${format.count(visits)} ${format.plural(visits, 'autre', 'autres')}`,
  leftLieux: (lieux: number) => `${format.count(lieux)} ${format.plural(lieux, 'autre lieu est joignable', 'autres lieux sont joignables')} ainsi.`,
  weeks: ({ semaines_texte: text }: Visit) => text,
  day: 'Jour',
  out: 'Aller',
  there: 'Aide comptée',
  back: 'Retour',
  /** In the server's words. */
  visit: ({ sentence }: Visit) => sentence,
  way: ({ sentence }: Way) => sentence,
  dates: (from: string, to: string) => `Horaires du ${format.date(from)} au ${format.date(to)}, un cycle de quatre semaines\u202f; vérifiez-les avant de partir.`,
  modelled: 'Réseau modélisé\u00a0: ces lignes et ces horaires sont vraisemblables, pas réels.',
  noServer: 'Les trajets en bus ou en car ne sont pas dans cette carte, qui n’a pas de serveur.',
  lieuTitle: 'Qui y vient en bus ou en car',
  /** In the server's words. */
  comes: (sentence: string) => sentence,
  halves: (sentence: string, _: readonly BusHalfDay[]) => sentence,
  others: (communes: number) => `${format.count(communes)} ${format.plural(communes, 'autre commune', 'autres communes')}`,
  adds: 'Ce que le bus ajoute à la marche',
  /** In the server's words. */
  added: ({ sentence }: Bus) => sentence,
  demand: 'Sur réservation',
  /** In the server's words. */
  booked: (_: Reserved, sentence: string) => `${sentence.charAt(0).toLocaleUpperCase('fr-FR')}${sentence.slice(1)}.`,
  zone: ({ horaires: hours, preavis: notice }: CellReservation['zones'][number]) => [hours, notice].filter(Boolean).join(' · '),
  lines: 'Lignes de bus',
  traced: 'Tracé d’arrêt en arrêt, pas le long des rues.',
  linesAt: (lines: string) => `Lignes : ${lines}`,
  passages: (week: number) => `${format.decimal(week)} ${format.plural(week, 'passage', 'passages')} par semaine`,
  offStreet: 'Aucune rue connue n’y mène : il ne compte pas.',
  modelledStop: 'Arrêt modélisé, pas réel.',
  hour: clock,
} as const;
