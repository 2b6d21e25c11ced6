/** The words of the mode that tries changes, in English: the same shape as simuler.fr.ts. */
import type { Classe } from '../shared/api.ts';
import { en, PHRASES } from '../shared/en.ts';
import * as format from '../shared/format.ts';
import type { terms } from './fr.ts';
import type { Mode } from '../shared/state.ts';

type Part = readonly [string, string];
type Words<T> = T extends string ? string
  : T extends (...args: infer A) => infer R ? (...args: A) => R extends string ? string : Part
  : { readonly [K in keyof T]: Words<T[K]> };

const people = (value: number) => format.plural(value, 'person', 'people');

function signed(value: number, sign: '+' | '−'): string {
  return `${sign}${format.count(value)}`;
}

export const words: Words<typeof terms> = {
  kind: 'Simulation',
  question: 'What would you like to try?',
  close: 'Leave the simulation',
  back: '← Back',
  defaultName: 'My scenario',
  tools: {
    ouvrir: 'Open a place',
    fermer: 'Close a place',
    deplacer: 'Move a place',
    horaires: 'Change hours',
    tournee: 'Draw a bus tour',
    suggerer: 'Where would a place help most?',
  },
  toolHints: {
    ouvrir: 'A new point of help, where you like',
    fermer: 'A place, or a whole tour',
    deplacer: 'An existing place, elsewhere',
    horaires: 'Of an existing place',
    tournee: 'Stops, a day and a rhythm for each',
    suggerer: 'Ten communes, the whole département computed',
  },

  overlay: {
    question: 'The map shows',
    labels: { avant: 'Before', apres: 'After', rideau: 'Curtain', difference: 'Difference', gains: 'Where to help' },
    legend: 'Legend of the simulation',
    changed: 'outline: cell that changes',
    curtain: 'Curtain: before on the left, after on the right',
    curtainAt: (percent: number) => `before over ${percent}% of the width`,
    sides: 'before left of the curtain, after right of it; people are those after',
    gagne: 'gain',
    perd: 'lose',
    autrement: 'change otherwise',
    inchange: 'no change',
    gainsTitle: 'People whom a place there would cover',
    gainsNone: 'nobody',
    moreThan: (bound: number) => `${format.count(bound)} or more`,
    between: (low: number, high: number) => `${format.count(low)} to ${format.count(high - 1)}`,
  },

  place: {
    hint: 'Click on the map to place it.',
    hintAgain: 'Placed. Drag the mark, or click elsewhere: the figures follow.',
    hintMove: 'Drag the mark, or click on the map where it should be.',
    hintStop: 'Click on the map to add stops, in order.',
    atCenter: 'Place at the centre of the map',
    addAtCenter: 'Add a stop at the centre of the map',
    toMap: 'Go to the map',
    keyboard: 'By keyboard: arrows to move the map, Enter to place at the centre.',
    placed: 'Placed.',
    stopPlaced: (rank: number) => `Stop ${rank} added.`,
    moved: 'Moved.',
  },

  name: 'Its name (optional)',
  newLieu: (rank: number) => `New place ${rank}`,
  markNew: (nom: string) => `${nom}. Arrows to move it, Shift to go faster.`,
  markClosed: (nom: string) => `${nom}: closed`,
  markLeft: (nom: string) => `Former position of ${nom}`,
  markHours: (nom: string) => `${nom}: hours changed`,

  hours: {
    question: 'When is it open?',
    weeks: {
      complet: '35 h: Monday to Friday, 9:00–12:00 and 13:00–17:00',
      matins: '17.5 h: Monday to Friday, 9:00–12:30',
      demi: '3 h: half a day, on Tuesday morning',
    },
    custom: 'Other hours',
    text: 'Hours, as OpenStreetMap writes them',
    example: 'For example Mo-We 09:00-12:00; Sa 10:00-12:00',
    apply: 'Apply',
    now: (horaires: string) => `Today: ${horaires}`,
    unknown: 'hours unknown',
  },

  services: {
    question: 'Which services are found there?',
    all: 'All services',
    some: (count: number) => `${count} ${format.plural(count, 'service', 'services')}`,
    none: 'Tick at least one service.',
  },

  pick: {
    question: { fermer: 'Which place to close?', deplacer: 'Which place to move?', horaires: 'Of which place?' },
    hint: 'Click on a place of the map, or look for it.',
    search: 'Name or commune',
    none: 'No place of this name.',
    more: (left: number) => `and ${format.count(left)} ${format.plural(left, 'other', 'others')}: type more`,
    tour: (nom: string) => `the whole tour “${nom}”`,
    notThis: 'This is a bus stop: change its whole tour, or close it.',
    closed: (nom: string) => `${nom}: closed.`,
    other: 'Choose another place',
  },

  tour: {
    name: 'Name of the tour',
    defaultName: 'New tour',
    stop: (rank: number) => `Stop ${rank}`,
    stopName: (rank: number) => `Name of stop ${rank}`,
    day: (rank: number) => `Day of stop ${rank}`,
    moment: (rank: number) => `Time of stop ${rank}`,
    rhythm: (rank: number) => `Rhythm of stop ${rank}`,
    days: { Mo: 'Monday', Tu: 'Tuesday', We: 'Wednesday', Th: 'Thursday', Fr: 'Friday', Sa: 'Saturday' },
    moments: { matin: 'morning', 'apres-midi': 'afternoon', journee: 'day' },
    rhythms: { semaine: 'every week', impaires: 'odd weeks', paires: 'even weeks', mois: '1 week in 4' },
    up: (rank: number) => `Move stop ${rank} up`,
    down: (rank: number) => `Move stop ${rank} down`,
    remove: (rank: number) => `Remove stop ${rank}`,
    ownHours: (when: string) => `Hours of the stop: ${when}`,
    empty: 'No stop yet.',
    hours: 'Morning: 9:00–12:00. Afternoon: 14:00–17:00. Day: both.',
  },

  suggest: {
    hint: 'The communes where a place open at these hours would cover most people, starting from today.',
    loading: 'Looking everywhere in the département…',
    none: 'No further place would help with these settings.',
    gain: (value: number) => `+${format.people(value)}`,
    from: (value: number) => `${format.count(value)} of them without a place within reach`,
    who: (who: string) => `among them (in French): ${who}`,
    somewhere: 'outside communes',
  },

  knowing: {
    title: 'Ask first',
    tell: (missing: readonly string[]) => `Fill in ${format.list(missing.map((what) => en.check.missing[what] ?? what))} of`,
    upTo: (value: number) => `up to ${format.people(value)}`,
    here: (value: number) => `, ${format.count(value)} of them changed by this scenario`,
    colon: ': ',
  },

  summary: {
    title: 'What this changes',
    waiting: 'Computing…',
    empty: 'Nothing is changed yet. Figures come here with the first try.',
    gainedPublics: (who: string) => `Among those who get a better class: ${who}.`,
    lostPublics: (who: string) => `Among those who get a worse class: ${who}.`,
    nothing: 'Nothing changes for anybody with these settings.',
    covered: (value: number) => [signed(value, '+'), `${people(value)} covered`],
    uncovered: (value: number) => [signed(value, '−'), `${people(value)} no longer covered`],
    within: (value: number, minutes: number, mode: Mode) => [signed(value, '+'), `${people(value)} within ${format.minutes(minutes)} ${PHRASES[mode]}`],
    beyond: (value: number, minutes: number, mode: Mode) => [signed(value, '−'), `${people(value)} who would be beyond ${format.minutes(minutes)} ${PHRASES[mode]}`],
    more: (mean: number, value: number) => [`+${format.hours(mean)}`, `a week on average for ${format.people(value)}`],
    fewer: (mean: number, value: number) => [`−${format.hours(mean)}`, `a week on average for ${format.people(value)}`],
    nearer: (value: number) => [format.count(value), `${people(value)} would have a nearer place`],
    farther: (value: number) => [format.count(value), `${people(value)} would have a farther place`],
    zones: 'Uncovered areas',
    zonePeople: 'People in uncovered areas',
    from: (before: number, after: number) => `${format.count(before)} → ${format.count(after)}`,
    fromSpoken: (before: number, after: number) => `${format.count(before)} before, ${format.count(after)} after`,
    table: 'Territories that change most',
    nom: 'Territory',
    coveredColumn: 'Covered',
    withinColumn: (minutes: number) => `Within ${format.minutes(minutes)}`,
    before: 'before',
    after: 'after',
    modelled: 'Exact computation, on data that are partly modelled (see under the map).',
    error: 'This scenario cannot be computed.',
  },

  actions: {
    title: (count: number) => (count > 1 ? `Your ${count} changes` : 'Your change'),
    undo: 'Undo the last step',
    undone: 'Last step undone.',
    remove: (what: string) => `Remove: ${what}`,
    edit: (what: string) => `Edit: ${what}`,
    rename: 'Name of the scenario',
    add: (nom: string) => `Open ${nom}`,
    close: (nom: string) => `Close ${nom}`,
    move: (nom: string) => `Move ${nom}`,
    hours: (nom: string) => `Change the hours of ${nom}`,
    services: (nom: string) => `Change the services of ${nom}`,
    tour: (nom: string, stops: number) => `Tour ${nom} (${stops} ${format.plural(stops, 'stop', 'stops')})`,
    setTour: (nom: string) => `Change the tour ${nom}`,
    removeTour: (nom: string) => `Remove the tour ${nom}`,
    line: (nom: string, stops: number, departures: number) => `Add the line ${nom} (${format.count(stops)} stops, ${format.count(departures)} departures, modelled)`,
    shift: (trip: string, minutes: number) => `Run the trip ${trip} ${format.minutes(Math.abs(minutes))} ${minutes > 0 ? 'later' : 'earlier'}`,
  },

  keep: {
    title: 'Save and share',
    link: 'Link to this scenario',
    linkHint: 'This link holds the whole scenario: nothing is kept on the server.',
    linkSaved: 'This link opens the scenario kept on the server.',
    linkLong: 'The scenario is too long for a link: save it, or download it.',
    copy: 'Copy the link',
    copied: 'Link copied.',
    download: 'Download the scenario (JSON)',
    token: 'Write token',
    tokenHint: 'Your administrator makes this token. It stays in this tab and goes when you close it.',
    save: 'Save on the server',
    saveAgain: 'Save the changes',
    copyName: (name: string) => `${name} (copy)`,
    duplicate: 'Duplicate',
    duplicated: (name: string) => `“${name}” is a copy: the saved scenario changes no more.`,
    saved: (name: string) => `“${name}” is saved.`,
    files: 'Difference of the saved scenario:',
    csv: 'CSV',
    geojson: 'GeoJSON',
    broken: 'This link is incomplete: the scenario could not be read.',
  },

  errors: {
    network: en.errors.unreachable,
    unexpected: en.errors.unexpected,
  },

  classe: (classe: Classe) => en.classes[classe],
};
