/** When a lieu is open, as people read it, and what it is at a moment of the week. */
import type { LieuMoment } from './api.ts';
import { element } from './element.ts';
import * as format from './format.ts';
import type { WeekMoment } from './state.ts';
import { words } from './words.ts';

const DAYS = 7;
/** Weeks of the cycle that tours follow. */
const WEEKS = 4;

/** Days that share their hours. */
export interface Opening {
  readonly days: readonly number[];
  /** Of the cycle, from 1; all four are every week. */
  readonly weeks: readonly number[];
  /** From and to, minutes of the day. */
  readonly spans: readonly (readonly [from: number, to: number])[];
}

/** Days with the same hours in the same weeks, in the order of the week; days without any are left out. */
export function openings(ouvertures: readonly string[]): Opening[] {
  const found = new Map<string, { days: number[]; weeks: number[]; text: string }>();
  for (let day = 0; day < DAYS; day += 1) {
    const byText = new Map<string, number[]>();
    for (let week = 0; week < WEEKS; week += 1) {
      const text = ouvertures[(week * DAYS + day) % ouvertures.length] ?? '';
      if (text) byText.set(text, [...(byText.get(text) ?? []), week + 1]);
    }
    for (const [text, weeks] of byText) {
      const key = `${text}/${weeks.join()}`;
      const same = found.get(key);
      if (same) same.days.push(day);
      else found.set(key, { days: [day], weeks, text });
    }
  }
  return [...found.values()].map(({ days, weeks, text }) => ({ days, weeks, spans: spansOf(text) }));
}

/** "09:00-12:00 14:00-17:00" in minutes of the day. */
function spansOf(text: string): (readonly [number, number])[] {
  const minutes = (hour: string) => Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3));
  return text.split(' ').filter(Boolean).map((span) => [minutes(span.slice(0, 5)), minutes(span.slice(6))]);
}

/** "lundi – mercredi, vendredi": three days or more that follow each other are a range. */
export function daysText(days: readonly number[]): string {
  const name = (day: number) => words.moment.days[day] ?? '';
  const runs: number[][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  return runs.flatMap((run) => (run.length > 2 ? [`${name(run[0] ?? 0)} – ${name(run.at(-1) ?? 0)}`] : run.map(name))).join(', ');
}

/** The week of a lieu whose hours are known. */
export function openingsList(ouvertures: readonly string[]): HTMLElement {
  const all = openings(ouvertures);
  if (all.length === 0) return element('span', {}, words.details.neverOpen);
  const hour = (minutes: number) => words.moment.hour(minutes);
  return element(
    'ul',
    {},
    ...all.map(({ days, weeks, spans }) =>
      element(
        'li',
        {},
        element('span', {}, daysText(days), weeks.length < WEEKS && ` (${words.details.weeks(format.list(weeks.map(String)), weeks.length)})`),
        element('span', {}, spans.map(([from, to]) => words.details.span(hour(from), hour(to))).join(', ')),
      ),
    ),
  );
}

/** What a lieu is at a moment; hours that are absent are unknown. */
export function momentOf(ouvertures: readonly string[] | undefined, { day, minutes }: WeekMoment): LieuMoment {
  if (!ouvertures) return 'inconnu';
  const open = Array.from({ length: WEEKS }, (_, week) => ouvertures[(week * DAYS + day - 1) % ouvertures.length] ?? '').filter((text) =>
    spansOf(text).some(([from, to]) => from <= minutes && minutes < to),
  ).length;
  if (open === WEEKS) return 'ouvert';
  return open > 0 ? 'parfois' : 'ferme';
}
