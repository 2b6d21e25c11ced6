/** When a lieu is open, as people read it, and what it is at a moment of the week. */
import type { LieuMoment, Opening } from '../shared/api.ts';
import { element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import type { WeekMoment } from '../shared/state.ts';
import { words } from '../shared/words.ts';

/** Weeks of the cycle that tours follow. */
const WEEKS = 4;

/** "09:00-12:00" in minutes of the day. */
function spanOf(text: string): readonly [from: number, to: number] {
  const minutes = (hour: string) => Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3));
  return [minutes(text.slice(0, 5)), minutes(text.slice(6))];
}

/** "lundi – mercredi, vendredi": three days or more that follow each other are a range. Days are from 1. */
export function daysText(days: readonly number[]): string {
  const name = (day = 1) => words.moment.days[day - 1] ?? '';
  const runs: number[][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  return runs.flatMap((run) => (run.length > 2 ? [`${name(run[0])} – ${name(run.at(-1))}`] : run.map(name))).join(', ');
}

/** The week of a lieu whose hours are known. */
export function openingsList(openings: readonly Opening[]): HTMLElement {
  if (openings.length === 0) return element('span', {}, words.details.neverOpen);
  const span = (text: string) => {
    const [from, to] = spanOf(text);
    return words.details.span(words.moment.hour(from), words.moment.hour(to));
  };
  return element(
    'ul',
    {},
    ...openings.map(({ jours, semaines, heures }) =>
      element(
        'li',
        {},
        element('span', {}, daysText(jours), semaines && ` (${words.details.weeks(format.list(semaines.map(String)), semaines.length)})`),
        element('span', {}, heures.map(span).join(', ')),
      ),
    ),
  );
}

/** One opening in a sentence: "mardi, 9 h à 12 h 30". */
export function momentText({ jours, semaines, heures }: Opening): string {
  const [from, to] = spanOf(heures[0] ?? '');
  const hours = words.details.span(words.moment.hour(from), words.moment.hour(to));
  return `${daysText(jours)}, ${hours}${semaines ? ` (${words.details.weeks(format.list(semaines.map(String)), semaines.length)})` : ''}`;
}

/** What a lieu is at a moment; openings that are absent are unknown. */
export function momentOf(openings: readonly Opening[] | undefined, { day, minutes }: WeekMoment): LieuMoment {
  if (!openings) return 'inconnu';
  const now = openings.filter(({ jours, heures }) => jours.includes(day) && heures.map(spanOf).some(([from, to]) => from <= minutes && minutes < to));
  const weeks = new Set(now.flatMap(({ semaines }) => semaines ?? [1, 2, 3, 4]));
  if (weeks.size === WEEKS) return 'ouvert';
  return weeks.size > 0 ? 'parfois' : 'ferme';
}
