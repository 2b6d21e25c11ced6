/**
 * Every word the page says, in English: the same shape as fr.ts. The names of things that
 * French law or the national schema names stay: EPCI, commune, France Services.
 */
import type { Classe, MomentPeople } from './api.ts';
import type { Words } from './catalogue.ts';
import { check, details, filters } from './en_details.ts';
import { timetable } from './en_timetable.ts';
import * as format from './format.ts';
import type { fr } from './fr.ts';
import type { MomentState } from './palette.ts';
import { MODE_PHRASES } from './legend.gen.ts';
import type { Mode, Service } from './state.ts';

const SERVICE_LABELS: Readonly<Record<Service, string>> = {
  tous: 'All services',
  'aide-demarches': 'Help with administrative procedures',
  'maitrise-outils': 'Everyday digital skills',
  'insertion-professionnelle': 'Finding work with digital tools',
  'utilisation-securisee': 'Safe use of digital tools',
  'parentalite-education': 'Parenting and education',
  'loisirs-creations': 'Leisure and creation',
  'comprehension-monde': 'Understanding the digital world',
  'acces-internet': 'Internet access and equipment',
  'acquisition-materiel': 'Affordable equipment',
};

export const PHRASES: Readonly<Record<Mode, string>> = MODE_PHRASES.en;

/** "a place", or one that offers the chosen service. */
function aPlace(service: Service): string {
  return service === 'tous' ? 'a place of help' : `a place that offers “${SERVICE_LABELS[service]}”`;
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Minutes of a day as "17:30". */
function hour(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

export const en: Words<typeof fr> = {
  page: {
    name: 'Maillage',
    tagline: 'Who is far from help with digital life?',
    description: 'Map of the people far from help with digital life: travel times, opening hours and uncovered areas.',
    skipControls: 'Go to the settings',
    skipZones: 'Go to the uncovered areas',
    skipCheck: 'Go to the areas to check',
    skipTable: 'Go to the table',
    mapSection: 'Map',
    vueQuestion: 'The map shows',
    quand: 'When?',
    jour: 'Day',
    heure: 'Time',
    simulate: 'Try a change',
    simulation: 'Simulation',
    legend: 'Legend',
    controls: 'Settings',
    service: 'Which service?',
    mode: 'How do people travel?',
    minutes: 'Within how many minutes?',
    hours: 'Open how many hours a week?',
    rendezVous: 'Count appointments',
    rendezVousHint: 'Hours when people are received by appointment only then count as the others do.',
    filters: 'Find places on the map',
    filtersHint: 'The other places are dimmed. Figures do not change.',
    filterPublic: 'Public received',
    filterAccessibilite: 'Accessibility and support',
    filterLabel: 'Label or programme',
    filtersClear: 'Show all',
    zones: 'Uncovered areas',
    check: 'Areas to check',
    table: 'By territory',
    niveau: 'Level of the table',
    accessibility: 'Accessibility: not compliant',
    docs: 'Programming interface',
    embed: 'Show a map on your site',
    sources: 'Sources, licences and method',
    method:
      'People are “covered” when they reach, within the chosen time, places that are open together for at least the chosen number of hours a week. “Seldom”: a place within reach, but too few hours. “None”: nothing within reach. “To check”: nothing known within reach, but places whose services, hours, stops or doors are not known. Times are computed on the network of streets and roads, the walk to the road included; by bus, on published timetables and the walks to stops: only opening hours count during which one can be at the place, having come and going home the same day.',
    noscript: 'This page needs JavaScript to draw the map and compute the figures.',
    details: 'Details',
    copy: 'A copy of the map, for the question above: other settings, cards of cells and simulations need the original.',
    search: 'Find a commune, an EPCI, a place…',
    found: 'Search results',
    otherLanguage: 'Français',
    otherPage: './',
    otherCode: 'fr',
  },

  search: {
    lieu: 'Place',
    none: 'Nothing of this name in this edition',
    count: (found: number) => (found === 0 ? 'No result' : found === 1 ? 'One result' : `${found} results`),
  },

  title: (departement: string) => `Maillage – Digital help: ${departement}`,
  departement: (code: string, nom: string) => (nom.includes(code) ? nom : `${nom} (${code})`),

  services: SERVICE_LABELS,
  modes: { car: 'By car', bike: 'By bicycle', walk: 'On foot', transit: 'By bus' },
  views: { classes: 'Coverage', temps: 'Travel time', heures: 'Hours a week', moment: 'At a given time', ifn: 'Fragility (IFN)', agir: 'Where to act first' },
  levels: { epci: 'EPCI', secteur: 'Sectors', commune: 'Communes' },
  types: { epci: 'Group of communes (EPCI)', secteur: 'Sector', commune: 'Commune', departement: 'Département' },

  classes: { couverte: 'Covered', grise: 'Seldom', blanche: 'None', inconnue: 'To check' } satisfies Record<Classe, string>,

  headline: {
    loading: 'Computing…',
    figure: (people: number) => format.people(people),
    nothing: (people: number, minutes: number, mode: Mode, more: boolean) =>
      ` ${format.plural(people, 'has', 'have')} nothing within ${format.minutes(minutes)} ${PHRASES[mode]}${more ? ';' : '.'}`,
    nobody: (minutes: number, mode: Mode) => `Everybody has a known place within ${format.minutes(minutes)} ${PHRASES[mode]}.`,
    others: (people: number) => `${format.count(people)}\u00a0${format.plural(people, 'other', 'others')}`,
    depend: (people: number) => ` ${format.plural(people, 'depends', 'depend')} on places of which it is not known whether they help, or when`,
    theRest: (minutes: number, mode: Mode) => `; the others have a known place within ${format.minutes(minutes)} ${PHRASES[mode]}`,
    few: (people: number, hours: number) =>
      `${format.count(people)} more ${format.plural(people, 'has', 'have')} less than ${format.hours(hours)} of opening a week within reach.`,
    unknown: 'Unknown',
    unnamed: (more: boolean) => `: no source says who gives this service${more ? ';' : '.'}`,
    whateverService: (people: number, minutes: number, mode: Mode) =>
      ` ${format.plural(people, 'has', 'have')} nothing within ${format.minutes(minutes)} ${PHRASES[mode]}, whatever the service.`,
    toZones: 'See where',
    toCheck: 'See whom to ask',
  },

  controls: {
    minutes: (value: number) => format.minutesInWords(value),
    hours: (value: number) => `${format.hours(value)} a week`,
    hoursSpoken: (value: number) => `at least ${format.decimal(value)} hours a week`,
    serviceOption: (label: string, lieux: number) =>
      lieux > 0 ? `${label} (${format.count(lieux)} ${format.plural(lieux, 'place', 'places')})` : `${label} (unknown)`,
  },

  moment: {
    days: DAYS,
    hour,
    when: (day: number, minutes: number) => `${DAYS[day - 1]} at ${hour(minutes)}`,
    at: (when: string, state: string) => `${when}: ${state.toLocaleLowerCase('en-GB')}`,
    reached: (when: string) => `Within reach on ${when}`,
    sentence: (when: string, people: MomentPeople, total: number, minutes: number) => {
      const closed = people.ferme > 0 ? ` For ${format.count(people.ferme)}, everything within reach is closed.` : '';
      const some = people.parfois > 0 ? ` ${format.count(people.parfois)} more in some weeks.` : '';
      return `On ${when}, ${format.count(people.ouvert)} people (${format.share(people.ouvert, total)}) have an open place within ${format.minutes(minutes)}.${some}${closed}`;
    },
    weekLabel: (most: string, when: string) => `People who have an open place within reach, by half-hour of the week: ${most} at most, on ${when}. Choose a day and a time for the others.`,
    cell: (when: string, people: number) => `${when}: ${format.count(people)} people`,
    states: { ouvert: 'Open', parfois: 'Open some weeks', inconnu: 'Unknown', ferme: 'Closed', aucun: 'No place' } satisfies Record<MomentState, string>,
    notes: {
      ouvert: (minutes: number) => `a place open within ${format.minutes(minutes)}`,
      parfois: () => 'a bus, or every other week',
      inconnu: () => 'none known to be open, hours unknown',
      ferme: (minutes: number) => `all closed within ${format.minutes(minutes)}`,
      aucun: (minutes: number) => `within ${format.minutes(minutes)}, at any time`,
    },
  },

  legend: {
    titles: {
      classes: 'People by access',
      temps: 'Time to the nearest place',
      heures: 'Opening a week within reach',
      moment: 'An open place at this time',
      ifn: 'Digital fragility (IFN index)',
      agir: 'Where to act first: fragile people without enough help',
    },
    classNotes: (classe: Classe, minutes: number, hours: number) =>
      ({
        couverte: `a place within ${format.minutes(minutes)}, ${format.hours(hours)} a week or more`,
        grise: `a place within ${format.minutes(minutes)}, less than ${format.hours(hours)} a week`,
        blanche: `nothing within ${format.minutes(minutes)}`,
        inconnue: `nothing known within ${format.minutes(minutes)}, but a place to ask`,
      })[classe],
    upTo: (bound: string) => `${bound} or less`,
    between: (low: string, high: string) => `${low} to ${high}`,
    lessThan: (bound: string) => `less than ${bound}`,
    moreThan: (bound: string) => `more than ${bound}`,
    atLeast: (bound: string) => `${bound} or more`,
    noWay: 'Out of reach or unknown',
    noLieu: (minutes: number) => `No place within ${format.minutes(minutes)}`,
    hoursUnknown: 'Hours unknown',
    ifnUnknown: 'Index unknown',
    ifnAll: 'All values',
    ifnNote: 'The higher the index, the more fragile people are. A fifth of the people in each shade.',
    actNone: 'None, to the nearest 0.1',
    actUnknown: 'Unknown',
    actFormula:
      'Fragile people of the cell (people × index of their commune ÷ 10) with too few hours or nothing within reach; unknown when the access (to check) or the index is unknown for more than half of its people, otherwise without these; the index is that of the commune, and nothing is said of what a place would bring.',
    actNote: 'People counted by cell. From afar, a large cell has the mean of its inhabited cells.',
    bandsNote: 'People counted where they live; a cell has the colour of their mean.',
    symbols: 'Places',
    near: 'Places, seen from near',
    lieu: 'Fixed place',
    arret: 'Stop of a France Services bus',
    sansHoraires: 'Hollow: hours unknown',
    sansServices: 'Place to ask: services unknown',
    dehors: 'Lighter: outside the territory',
    zone: 'Outline of an uncovered area',
    modelledTitle: 'Modelled data (in French):',
    modelled: (what: readonly string[]) => `${format.list(what)}.`,
    barLabel: (parts: readonly string[]) => `People by class: ${parts.join(', ')}.`,
  },

  inputs: {
    communes: 'communes and population',
    epci: 'EPCI',
    secteurs: 'sectors',
    lieux: 'places of help',
    'france-services': 'France Services',
    population: 'fine population',
    ifn: 'index of digital fragility',
    roads: 'roads',
    tournees: 'bus tours',
    equipements: 'amenities (care, public services)',
    gtfs: 'public transport timetables',
  },

  zones: {
    summary: (zones: number, people: number) => `${format.count(zones)} ${format.plural(zones, 'area', 'areas')}, ${format.people(people)}, most people first.`,
    empty: 'No uncovered area with these settings.',
    emptyHint: 'Lower the number of minutes or change the way of travelling to see who is farthest.',
    more: (count: number) => `Show the next ${format.count(count)} ${format.plural(count, 'area', 'areas')}`,
    rank: (rank: number) => `Uncovered area no. ${rank}`,
    people: (people: number) => format.people(people),
    to: (minutes: number, nom: string | undefined) => (nom ? `${format.minutes(minutes)} to ${nom}` : `${format.minutes(minutes)} to the nearest`),
    unreached: 'no place can be reached',
  },

  check,

  filters,

  table: {
    caption: (niveau: string, minutes: number, mode: Mode, hours: number, service: Service) =>
      `${niveau}: people by access to ${aPlace(service)}, within ${format.minutesInWords(minutes)} ${PHRASES[mode]}, at least ${format.hours(hours)} a week.`,
    open: 'Open the table',
    close: 'Close the table',
    rank: 'Priority',
    rankTitle: 'Rank of priority: 1 has the most people who are far and fragile; where the index is unknown, by people who are far alone',
    nom: 'Territory',
    population: 'People',
    split: 'Shares',
    blanche: 'None',
    grise: 'Seldom',
    inconnue: 'To check',
    couverte: 'Covered',
    median: 'Median time',
    hours: 'Hours / week',
    ifn: 'IFN',
    unknown: 'unknown',
    withoutHours: (people: number) => `${format.count(people)} without an hour`,
    filter: 'Filter by name',
    within: (nom: string) => `${nom} only: show all`,
    none: 'No territory has this name.',
    shown: (count: number) => `${format.count(count)} ${format.plural(count, 'territory', 'territories')}`,
  },

  details,

  timetable,

  fragility: {
    old: 'old data, which say little of today',
    chosen: 'Chosen weights, not those of the roadmap.',
    open: 'What makes the fragility index',
    caption: (score: string) => `What each variable adds to the index, ${score} out of 10`,
    variable: 'Variable',
    adds: 'Adds, in points',
    sub: (name: string, score: string) => `${name}: ${score} out of 10`,
    subIndices: { amenagement: 'Equipment', publics: 'People exposed' },
    proxy: (what: string) => `approached by: ${what}`,
    interval: (low: number, high: number, of: number) =>
      low === high
        ? `Rank ${format.count(low)} of ${format.count(of)} (1 = most fragile) under nine weightings in ten, unknown values drawn at random.`
        : `Rank ${format.count(low)} to ${format.count(high)} of ${format.count(of)} (1 = most fragile) under nine weightings in ten, unknown values drawn at random.`,
    rank: (rank: number, of: number) => `Rank ${format.count(rank)} of ${format.count(of)} (1 = most fragile).`,
    alone: 'Compared with the EPCI of the territory: 5 out of 10 would be an average one.',
    noScore: (floor: string) => `No index: at least ${floor} of each sub-index must be known.`,
    missing: (missing: number, all: number) => `Unknown (${missing} ${format.plural(missing, 'variable', 'variables')} of ${all}):`,
    moved: 'What changes the index most:',
    influence: (name: string, points: string, up: boolean) => `${name} (${up ? '+' : ''}${points})`,
    formula: (formula: string) => `Computation: ${formula}. An unknown value is left out, never counted as 0.`,
    keep: 'All the territories of this type, with their sources:',
    files: { csv: 'CSV', xlsx: 'spreadsheet (XLSX)' },
  },

  sources: {
    modelled: 'modelled',
    vintage: (vintage: string) => `of ${vintage}`,
    licence: (licence: string) => `licence ${licence}`,
    rows: (rows: number) => `${format.count(rows)} ${format.plural(rows, 'row', 'rows')}`,
    modelledTitle: 'What is modelled',
    edition: (id: string, program: string | undefined) => `Edition ${id}${program ? `, computed by ${program}` : ''}.`,
  },

  errors: {
    title: 'The figures could not be loaded.',
    unreachable: 'The server does not answer. Check your connection, then try again.',
    unexpected: 'Something unexpected went wrong.',
    reference: (id: string) => `Reference for support: ${id}.`,
    retry: 'Try again',
    map: 'The map cannot be shown in this browser. The list and the table give the same figures.',
    otherEdition: 'A new edition of the data has just been published.',
    reload: 'Reload the page',
  },

  frame: {
    failed: 'The map could not be drawn; the table says the same.',
    reached: (commune: string, time: string) => `${commune}: ${time} to the nearest place`,
    unreached: (commune: string) => `${commune}: no place can be reached`,
    hours: (hours: string) => `${hours} open a week within reach`,
    hoursUnknown: 'hours unknown within reach',
  },
  map: {
    label: (departement: string) => `Map of access to digital help, ${departement}. Arrows to move, plus and minus to zoom, Enter for the details at the centre.`,
    placingLabel: (departement: string) => `Map of access to digital help, ${departement}. Arrows to move, plus and minus to zoom, Enter to place at the centre.`,
    home: 'Back to the whole département',
    homeOf: (territoire: string) => `Back to ${territoire}`,
    loading: 'Drawing the map…',
    controls: {
      'NavigationControl.ZoomIn': 'Zoom in',
      'NavigationControl.ZoomOut': 'Zoom out',
      'ScaleControl.Meters': 'm',
      'ScaleControl.Kilometers': 'km',
      'AttributionControl.ToggleAttribution': 'Show the credits',
      'Map.Title': 'Map',
      'CooperativeGesturesHandler.WindowsHelpText': 'Ctrl + wheel to zoom the map',
      'CooperativeGesturesHandler.MacHelpText': '⌘ + wheel to zoom the map',
      'CooperativeGesturesHandler.MobileHelpText': 'Two fingers to move the map',
    },
  },
};
