/** On which dates the figures by timetable are, and what they leave out; nothing by streets. */
import type { Timetables } from '../shared/api.ts';
import { element } from '../shared/element.ts';
import { byTimetable, type State } from '../shared/state.ts';
import { words } from '../shared/words.ts';

/** Fills `place` with all that is told, and `line` with the dates alone. */
export function showTimetables(place: HTMLElement, line: HTMLElement, { mode }: State, timetables: Timetables | undefined): void {
  place.hidden = line.hidden = !timetables || !byTimetable(mode);
  if (!timetables || place.hidden) return;
  line.textContent = words.timetable.dates(timetables);
  const told = words.timetable.told(timetables).split('\n');
  place.replaceChildren(
    element('p', {}, words.timetable.dates(timetables)),
    element('details', {}, element('summary', {}, words.timetable.more), element('ul', {}, ...told.map((text) => element('li', {}, text)))),
  );
}
