/** What the maps of the index say, in English. Names of variables stay those of the structure, in French. */
import * as format from '../shared/format.ts';
import type { terms as french } from './fr.ts';

const LEVEL = { commune: ['commune', 'communes'], epci: ['EPCI', 'EPCI'] } as const;
type LevelName = keyof typeof LEVEL;
const many = (n: number, level: LevelName) => `${format.count(n)}\u00a0${format.plural(n, LEVEL[level][0], LEVEL[level][1])}`;

export const terms: typeof french = {
  title: 'Digital fragility',
  question: 'Which map?',
  index: 'Whole index',
  whole: 'The three maps',
  maps: { '': 'Whole index', amenagement: 'Access (aménagement)', publics: 'People exposed' },
  one: 'Or one variable alone',
  none: 'None: one of the three maps',
  unfed: (nom) => `${nom} (unknown)`,
  by: 'By',
  levels: { commune: 'Communes', epci: 'EPCI' },
  cross: 'Cross with',
  crossNone: 'Nothing',
  crossPlaces: 'Where people live',
  crossOthers: 'Another variable',
  onlyCommunes: (label) => `${label} (by communes)`,

  outOf10: 'points out of 10; 10 = most fragile',
  unit: (unit) => unit.charAt(0).toLocaleUpperCase('en-GB') + unit.slice(1),
  parted: 'points out of 10, mean of its parts',
  fifths: 'A fifth of the people in each shade; darker = more fragile.',
  unknown: 'Unknown',
  known: (share, places, all, level) => `Known for ${share} of the people (${format.count(places)} ${LEVEL[level][1]} of ${format.count(all)}).`,
  source: (source, vintage) => `Source: ${[source, vintage].filter(Boolean).join(', ')}.`,
  noSource: 'Nothing feeds this variable: see “Completeness”.',
  feeds: (known, all, vintages) => `Made of ${format.count(known)} known ${format.plural(known, 'variable', 'variables')} of ${format.count(all)}${vintages && `, of ${vintages}`}.`,
  completeness: (share) => `Mean completeness, by person: ${share}.`,
  proxy: (what) => `Stood for by: ${what}.`,
  proxies: (count) => `${format.count(count)} ${format.plural(count, 'is', 'are')} stood for by something else.`,
  oldTitle: 'Old data:',
  oldOf: (names) => `${format.list(names)}.`,
  oldOne: (nom, year) => `${nom} (${year})`,
  edition: (id) => `Edition ${id}.`,

  weights: 'Change the weights',
  weightsHint: '0 leaves a variable out, 3 makes it count three times. The index, ranks and shades follow. Points of variables stay.',
  weightsOf: (nom) => `${nom}, in the index`,
  weight: (value) => format.decimal(value),
  weightSpoken: (value, own) => (value === 0 ? 'left out' : `${format.decimal(value)}${value === own ? ', its own weight' : ''}`),
  reset: 'Back to the original weights',
  chosenHow: (list) => `Changed: ${list.join('; ')}.`,
  chosenOne: (nom, weight, own) => `${nom} ${format.decimal(weight)} instead of ${format.decimal(own)}`,
  refused: (nom) => (nom ? `No index: no variable of “${nom}” has a weight. Set that sub-index to 0 to leave it out.` : 'No index: both sub-indices are at 0.'),

  ranks: 'Ranks, most fragile first',
  rank: 'Rank',
  place: 'Territoire',
  value: 'Value',
  people: 'People',
  all: (n, level) => `Show all ${many(n, level)}`,
  ranksCaption: (nom, level) => `${nom} – ${level}`,

  crossTitle: (need, other) => `${need} and ${other.charAt(0).toLocaleLowerCase('fr-FR')}${other.slice(1)}`,
  crossCaption: 'People, by thirds of each',
  thirds: ['least fragile third', 'middle third', 'most fragile third'],
  both: (people, share, places, level) => `In the most fragile third of both: ${format.people(people)} (${share}), in ${many(places, level)}.`,
  bothNames: (names) => `Those of most people: ${format.list(names)}.`,
  neither: (people) => `${format.people(people)} of whom one or the other is unknown, hatched.`,
  scaleCaption: 'Tick what the map shows',
  scaleMost: 'of which most fragile third',
  scaleSentence: (people, most, share, communes) =>
    `On the map: ${format.people(people)} of ${many(communes, 'commune')}, of whom ${format.count(most)} (${share}) in the most fragile third of the département.`,
  scaleUnknown: (people) => `${format.people(people)} of communes whose level is unknown.`,
  scaleNone: 'No commune has a known level: import the density grid.',
  faded: 'Not shown',

  below: 'The settings below change figures and areas, not this map.',

  gaps: 'Completeness',
  gapsHint: 'What the index lacks, what it would change, and where to get it. What is unknown never counts as 0.',
  gapsNone: 'Every variable is known, recent and exact.',
  gap: {
    missing: (people) => `Unknown everywhere: ${format.people(people)}.`,
    part: (people, places, level) => `Unknown for ${format.people(people)}, in ${many(places, level)}.`,
    reason: (reason) => `In French: ${reason}.`,
  },
  gapsKnown: (share) => `Mean completeness, by people: ${share}.`,
  weighs: (share) => `Weighs ${share} of the index.`,
  fills: (share) => `Known everywhere, it would bring completeness to ${share}.`,
  ranksMove: (mean, most) => `From the best to the worst of the scale, it alone would move the rank of a territoire without a value by ${mean} on average, by ${format.count(most)} at most.`,
  obtain: (file, publisher) => `${file}, published by ${publisher}`,
  obtainTitle: 'Where to get it',
  copy: 'Copy the command',
  copied: 'Command copied.',
};
