/** Who can reach an open lieu at a moment of the week: its question, its sentence and its week. */
import type { Moment } from '../shared/api.ts';
import { element, svg } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { said } from '../shared/said.ts';
import { words } from '../shared/words.ts';
import { MOMENT_CODES, MOMENT_STATES, RAMPS } from '../shared/palette.ts';
import { formatMoment, parseMoment, type State } from '../shared/state.ts';

/** Hours that the week shows: before and after, hardly anything is open. */
const FIRST_HOUR = 7;
const LAST_HOUR = 20;
const DAYS = 7;
const CELL = { width: 11, height: 15 } as const;
const LEFT = 32;
const TOP = 14;

/** People by paint code, for the legend. */
export function momentPeople({ people }: Moment): Map<number, number> {
  return new Map(MOMENT_STATES.map((state) => [MOMENT_CODES[state], people[state]]));
}

/** The band of `part` of a whole, of as many as the ramp has; nobody is the lightest. */
export function weekBand(part: number, whole: number): number {
  const bands = RAMPS.heures.length;
  if (part === 0 || whole === 0) return 0;
  return 1 + Math.min(bands - 2, Math.floor((part / whole) * (bands - 1)));
}

/** Fills `place`, whose selects stay those that have the focus. */
export function showMoment(place: HTMLElement, state: State, moment: Moment, choose: (quand: string) => void): void {
  const [day, hour] = [selectOf(place, 'quand-jour'), selectOf(place, 'quand-heure')];
  if (day.options.length === 0) {
    day.append(...words.moment.days.map((name, at) => element('option', { value: at + 1 }, name)));
    for (let half = 0; half < 48; half += 1) hour.append(element('option', { value: half }, words.moment.hour(half * 30)));
    const chosen = () => choose(formatMoment({ day: Number(day.value), minutes: Number(hour.value) * 30 }));
    day.addEventListener('change', chosen);
    hour.addEventListener('change', chosen);
  }
  const at = parseMoment(state.quand);
  day.value = String(at.day);
  hour.value = String(Math.floor(at.minutes / 30));
  const total = MOMENT_STATES.reduce((sum, name) => sum + moment.people[name], 0);
  const when = words.moment.when(at.day, at.minutes);
  place.querySelector('#quand-phrase')?.replaceChildren(said(state.mode).sentence(when, moment.people, total, state.minutes), moment.dates ? ` ${words.timetable.momentDates(moment.dates)}` : '');
  place.querySelector('#quand-semaine')?.replaceChildren(week(moment, at, choose));
}

function selectOf(place: HTMLElement, id: string): HTMLSelectElement {
  return place.querySelector(`#${id}`) as HTMLSelectElement;
}

/** The whole week at once; a click chooses a half-hour, the selects do the same by keyboard. */
function week({ week: { ouvert, parfois } }: Moment, at: { day: number; minutes: number }, choose: (quand: string) => void): SVGElement {
  const open = ouvert.map((people, half) => people + (parfois[half] ?? 0));
  const most = Math.max(...open);
  const columns = (LAST_HOUR - FIRST_HOUR) * 2;
  const picture = svg('svg', {
    viewBox: `0 0 ${LEFT + columns * CELL.width} ${TOP + DAYS * CELL.height}`,
    class: 'week',
    role: 'img',
    'aria-label': words.moment.weekLabel(format.count(most), words.moment.when(Math.floor(open.indexOf(most) / 48) + 1, (open.indexOf(most) % 48) * 30)),
  });
  for (let hour = FIRST_HOUR + 1; hour < LAST_HOUR; hour += 2) {
    picture.append(svg('text', { x: LEFT + (hour - FIRST_HOUR) * 2 * CELL.width, y: TOP - 4, class: 'week__hour' }, `${hour}\u00a0h`));
  }
  for (let day = 0; day < DAYS; day += 1) {
    picture.append(svg('text', { x: 0, y: TOP + (day + 1) * CELL.height - 4, class: 'week__day' }, words.moment.days[day]?.slice(0, 3) ?? ''));
    for (let column = 0; column < columns; column += 1) {
      const half = day * 48 + FIRST_HOUR * 2 + column;
      const people = open[half] ?? 0;
      const chosen = at.day === day + 1 && Math.floor(at.minutes / 30) === FIRST_HOUR * 2 + column;
      const minutes = FIRST_HOUR * 60 + column * 30;
      const cell = svg(
        'rect',
        { x: LEFT + column * CELL.width, y: TOP + day * CELL.height, width: CELL.width - 1, height: CELL.height - 1, fill: RAMPS.heures[weekBand(people, most)] ?? '', class: chosen ? 'week__cell is-chosen' : 'week__cell' },
        svg('title', {}, words.moment.cell(words.moment.when(day + 1, minutes), people)),
      );
      cell.addEventListener('click', () => choose(formatMoment({ day: day + 1, minutes })));
      picture.append(cell);
    }
  }
  return picture;
}
