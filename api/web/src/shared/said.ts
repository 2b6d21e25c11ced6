/** The words that are other ones by timetable, where one has to be there while it is open, and to come home. */
import { byTimetable, type Mode } from './state.ts';
import { words } from './words.ts';

export function said(mode: Mode) {
  if (byTimetable(mode)) return words.timetable.said;
  const { legend, moment, details, page } = words;
  return {
    titles: legend.titles,
    classNotes: legend.classNotes,
    timeNote: legend.bandsNote,
    hourNote: legend.bandsNote,
    states: moment.states,
    notes: moment.notes,
    sentence: moment.sentence,
    accessTime: details.accessTime,
    weeklyHours: details.weeklyHours,
    medianTime: details.medianTime,
    ninetieth: details.ninetieth,
    meanHours: details.meanHours,
    minutes: page.minutes,
    hours: page.hours,
  };
}
