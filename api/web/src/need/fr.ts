/** What the maps of the index say, in French; en.ts has the same shape. */
import * as format from '../shared/format.ts';

const LEVEL = { commune: ['commune', 'communes'], epci: ['EPCI', 'EPCI'] } as const;
type LevelName = keyof typeof LEVEL;
const many = (n: number, level: LevelName) => `${format.count(n)}\u00a0${format.plural(n, LEVEL[level][0], LEVEL[level][1])}`;

export const terms = {
  title: 'Fragilité numérique',
  question: 'Quelle carte\u202f?',
  index: 'Indice général',
  whole: 'Les trois cartes',
  maps: { '': 'Indice général', amenagement: 'Enjeux d’aménagement', publics: 'Publics exposés' } as Readonly<Record<string, string>>,
  one: 'Ou une seule variable',
  none: 'Aucune\u00a0: l’une des trois cartes',
  unfed: (nom: string) => `${nom} (inconnue)`,
  by: 'Par',
  levels: { commune: 'Communes', epci: 'EPCI' },
  cross: 'Croiser avec',
  crossNone: 'Rien',
  crossPlaces: 'Où l’on vit',
  crossOthers: 'Une autre variable',
  onlyCommunes: (label: string) => `${label} (par communes)`,

  outOf10: 'points sur 10\u202f; 10 = le plus fragile',
  unit: (unit: string) => unit.charAt(0).toLocaleUpperCase('fr-FR') + unit.slice(1),
  parted: 'points sur 10, moyenne de ses parties',
  fifths: 'Un cinquième des habitants par teinte\u202f; plus foncé = plus fragile.',
  unknown: 'Inconnu',
  known: (share: string, places: number, all: number, level: LevelName) => `Connu pour ${share} des habitants (${format.count(places)} ${LEVEL[level][1]} sur ${format.count(all)}).`,
  source: (source: string, vintage: string) => `Source\u00a0: ${[source, vintage].filter(Boolean).join(', ')}.`,
  noSource: 'Rien ne renseigne cette variable\u00a0: voir «\u202fParamètres de complétude\u202f».',
  feeds: (known: number, all: number, vintages: string) => `Fait de ${format.count(known)} ${format.plural(known, 'variable connue', 'variables connues')} sur ${format.count(all)}${vintages && `, millésimes ${vintages}`}.`,
  completeness: (share: string) => `Complétude moyenne, par habitant\u00a0: ${share}.`,
  proxy: (what: string) => `Approché par\u00a0: ${what}.`,
  proxies: (count: number) => `${format.count(count)} ${format.plural(count, 'est approchée', 'sont approchées')} par autre chose.`,
  oldTitle: 'Données anciennes\u00a0:',
  oldOf: (names: readonly string[]) => `${format.list(names)}.`,
  oldOne: (nom: string, year: string) => `${nom} (${year})`,
  edition: (id: string) => `Édition ${id}.`,

  weights: 'Changer les poids',
  weightsHint: '0 retire une variable, 3 la fait compter trois fois. L’indice, les rangs et les teintes suivent. Les points des variables ne changent pas.',
  weightsOf: (nom: string) => `${nom}, dans l’indice`,
  weight: (value: number) => format.decimal(value),
  weightSpoken: (value: number, own: number) => (value === 0 ? 'retirée' : `${format.decimal(value)}${value === own ? ', poids d’origine' : ''}`),
  reset: 'Remettre les poids d’origine',
  chosenHow: (list: readonly string[]) => `Changés\u00a0: ${list.join('\u202f; ')}.`,
  chosenOne: (nom: string, weight: number, own: number) => `${nom} ${format.decimal(weight)} au lieu de ${format.decimal(own)}`,
  refused: (nom: string) => (nom ? `Pas d’indice\u00a0: aucune variable de «\u202f${nom}\u202f» n’a de poids. Mettez ce sous-indice à 0 pour l’écarter.` : 'Pas d’indice\u00a0: les deux sous-indices sont à 0.'),

  ranks: 'Rangs, du plus fragile au moins fragile',
  rank: 'Rang',
  place: 'Territoire',
  value: 'Valeur',
  people: 'Habitants',
  all: (n: number, level: LevelName) => `Montrer les ${many(n, level)}`,
  ranksCaption: (nom: string, level: string) => `${nom} – ${level}`,

  crossTitle: (need: string, other: string) => `${need} et ${other.charAt(0).toLocaleLowerCase('fr-FR')}${other.slice(1)}`,
  crossCaption: 'Habitants, par tiers de chacun',
  thirds: ['tiers le moins fragile', 'tiers moyen', 'tiers le plus fragile'],
  both: (people: number, share: string, places: number, level: LevelName) =>
    `Dans le tiers le plus fragile des deux à la fois\u00a0: ${format.people(people)} (${share}), dans ${many(places, level)}.`,
  bothNames: (names: readonly string[]) => `Les plus peuplés\u00a0: ${format.list(names)}.`,
  neither: (people: number) => `${format.people(people)} dont l’un ou l’autre est inconnu, hachurés.`,
  scaleCaption: 'Cochez ce que la carte montre',
  scaleMost: 'dont tiers le plus fragile',
  scaleSentence: (people: number, most: number, share: string, communes: number) =>
    `Sur la carte\u00a0: ${format.people(people)} de ${many(communes, 'commune')}, dont ${format.count(most)} (${share}) dans le tiers le plus fragile du département.`,
  scaleUnknown: (people: number) => `${format.people(people)} de communes dont le niveau est inconnu.`,
  scaleNone: 'Aucune commune n’a de niveau connu\u00a0: importez la grille de densité.',
  faded: 'Non montré',

  below: 'Les réglages qui suivent changent les chiffres et les zones, pas cette carte.',

  gaps: 'Paramètres de complétude',
  gapsHint: 'Ce qui manque à l’indice, ce que cela changerait, et où le trouver. Une variable inconnue n’est jamais comptée comme 0.',
  gapsNone: 'Toutes les variables sont connues, récentes et exactes.',
  gap: {
    missing: (people: number) => `Inconnue partout\u00a0: ${format.people(people)}.`,
    part: (people: number, places: number, level: LevelName) => `Inconnue pour ${format.people(people)}, dans ${many(places, level)}.`,
    reason: (reason: string) => `${reason.charAt(0).toLocaleUpperCase('fr-FR')}${reason.slice(1)}.`,
  },
  gapsKnown: (share: string) => `Complétude moyenne, par habitant\u00a0: ${share}.`,
  weighs: (share: string) => `Pèse ${share} de l’indice.`,
  fills: (share: string) => `Connue partout, elle porterait la complétude à ${share}.`,
  ranksMove: (mean: string, most: number) =>
    `Du mieux au pire de l’échelle, elle seule ferait bouger le rang d’un territoire sans valeur de ${mean} en moyenne, de ${format.count(most)} au plus.`,
  obtain: (file: string, publisher: string) => `${file}, publié par ${publisher}`,
  obtainTitle: 'Où la trouver',
  copy: 'Copier la commande',
  copied: 'Commande copiée.',
};
