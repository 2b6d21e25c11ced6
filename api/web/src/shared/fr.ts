/**
 * Every word the page says, in French. Typography: no-break space (U+00A0)
 * before ":", narrow no-break space (U+202F) before "; ? !" and inside « ».
 * Sentences are built here and nowhere else; en.ts has the same shape.
 */
import type { Classe, MomentPeople } from './api.ts';
import * as format from './format.ts';
import { check, details, filters } from './fr_details.ts';
import { timetable } from './fr_timetable.ts';
import type { MomentState } from './palette.ts';
import { ACT_FORMULA, CLASS_LABELS, CLASS_MEANINGS, MEASURE_LABELS, MEASURE_TITLES, MODE_LABELS, MODE_PHRASES, MOMENT_LABELS, SERVICE_LABELS } from './legend.gen.ts';
import type { Mode, Service, View } from './state.ts';

const SERVICE_WORDS: Readonly<Record<Service, string>> = { tous: 'Tous les services', ...SERVICE_LABELS };
export const PHRASES: Readonly<Record<Mode, string>> = MODE_PHRASES.fr;

/** "un lieu", or one that offers the chosen service. */
function aLieu(service: Service): string {
  return service === 'tous' ? 'un lieu' : `un lieu qui propose «\u202f${SERVICE_WORDS[service]}\u202f»`;
}

const DAYS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];

/** Minutes of a day as "17 h 30", "8 h". */
function hour(minutes: number): string {
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)}\u00a0h${rest ? `\u00a0${String(rest).padStart(2, '0')}` : ''}`;
}

export const fr = {
  /** Words of index.html, put in when it is built. */
  page: {
    name: 'Maillage',
    tagline: 'Qui est loin de l’aide au numérique\u202f?',
    description:
      'Carte des habitants éloignés d’un lieu de médiation numérique : temps d’accès, heures d’ouverture et zones blanches.',
    skipControls: 'Aller aux réglages',
    skipZones: 'Aller aux zones blanches',
    skipCheck: 'Aller aux zones à vérifier',
    skipTable: 'Aller au tableau',
    mapSection: 'Carte',
    vueQuestion: 'La carte montre',
    quand: 'Quand\u202f?',
    jour: 'Jour',
    heure: 'Heure',
    simulate: 'Simuler un changement',
    simulation: 'Simulation',
    legend: 'Légende',
    controls: 'Réglages',
    service: 'Quel service\u202f?',
    mode: 'Comment se déplace-t-on\u202f?',
    minutes: 'À combien de minutes\u202f?',
    hours: 'Ouvert combien d’heures par semaine\u202f?',
    rendezVous: 'Compter les rendez-vous',
    rendezVousHint: 'Les heures où l’on n’est reçu que sur rendez-vous comptent alors comme les autres.',
    filters: 'Repérer des lieux sur la carte',
    filtersHint: 'Les autres lieux sont estompés. Les chiffres ne changent pas.',
    filterPublic: 'Public accueilli',
    filterAccessibilite: 'Accessibilité et prise en charge',
    filterLabel: 'Label ou programme',
    filtersClear: 'Tout montrer',
    zones: 'Zones blanches',
    check: 'Zones à vérifier',
    table: 'Par territoire',
    niveau: 'Niveau du tableau',
    accessibility: 'Accessibilité : non conforme',
    docs: 'Interface de programmation',
    embed: 'Intégrer une carte dans un site',
    sources: 'Sources, licences et méthode',
    method:
      'Une personne est «\u202fcouverte\u202f» quand elle atteint, dans le temps choisi, des lieux ouverts ensemble au moins le nombre d’heures choisi par semaine. «\u202fGrise\u202f» : un lieu à portée, mais trop peu d’heures. «\u202fBlanche\u202f» : rien à portée. «\u202fÀ vérifier\u202f» : rien de connu à portée, mais des lieux dont les services, les horaires, les arrêts ou l’accueil du public ne sont pas connus. Les temps sont calculés sur le réseau des rues et des routes, accès à la route compris ; en bus ou car, sur les horaires publiés et les marches jusqu’aux arrêts : n’y comptent que les heures d’ouverture où l’on peut être au lieu, y étant allé et en revenant le même jour.',
    noscript: 'Cette page a besoin de JavaScript pour dessiner la carte et calculer les chiffres.',
    details: 'Détails',
    copy: 'Copie de la carte, pour la question ci-dessus\u00a0: les autres réglages, la fiche d’une maille et les simulations demandent la carte d’origine.',
    search: 'Chercher une commune, un EPCI, un lieu…',
    found: 'Résultats de la recherche',
    otherLanguage: 'English',
    otherPage: './en.html',
    otherCode: 'en',
  },

  search: {
    lieu: 'Lieu',
    none: 'Rien de ce nom dans cette édition',
    count: (found: number) => (found === 0 ? 'Aucun résultat' : found === 1 ? 'Un résultat' : `${found} résultats`),
  },

  title: (departement: string) => `Maillage – Aide numérique : ${departement}`,
  departement: (code: string, nom: string) => (nom.includes(code) ? nom : `${nom} (${code})`),

  services: SERVICE_WORDS,
  modes: MODE_LABELS satisfies Record<Mode, string>,
  views: MEASURE_LABELS satisfies Record<View, string>,
  levels: { epci: 'EPCI', secteur: 'Secteurs', commune: 'Communes' },
  types: {
    epci: 'Intercommunalité (EPCI)',
    secteur: 'Secteur',
    commune: 'Commune',
    departement: 'Département',
  },

  classes: CLASS_LABELS satisfies Record<Classe, string>,

  headline: {
    loading: 'Calcul des chiffres…',
    /** The figure, then the sentence that follows it. */
    figure: (people: number) => format.people(people),
    /** What is known: nothing within reach. */
    nothing: (people: number, minutes: number, mode: Mode, more: boolean) =>
      ` ${format.plural(people, 'n’a', 'n’ont')} rien à ${format.minutes(minutes)} ${PHRASES[mode]}${more ? '\u202f;' : '.'}`,
    nobody: (minutes: number, mode: Mode) => `Tous ont un lieu connu à ${format.minutes(minutes)} ${PHRASES[mode]}.`,
    /** What to check: the figure, then the sentence that follows it. */
    others: (people: number) => `${format.count(people)}\u00a0${format.plural(people, 'autre', 'autres')}`,
    depend: (people: number) => ` ${format.plural(people, 'dépend', 'dépendent')} de lieux dont on ne sait pas s’ils aident, ou quand`,
    theRest: (minutes: number, mode: Mode) => `\u202f; les autres ont un lieu connu à ${format.minutes(minutes)} ${PHRASES[mode]}`,
    few: (people: number, hours: number) =>
      `${format.count(people)} de plus ${format.plural(people, 'a', 'ont')} moins de ${format.hours(hours)} d’ouverture par semaine à portée.`,
    unknown: 'Inconnu',
    unnamed: (more: boolean) => `\u00a0: aucune source ne dit qui rend ce service${more ? '\u202f;' : '.'}`,
    whateverService: (people: number, minutes: number, mode: Mode) =>
      ` ${format.plural(people, 'n’a', 'n’ont')} rien à ${format.minutes(minutes)} ${PHRASES[mode]}, quel que soit le service.`,
    toZones: 'Voir où',
    toCheck: 'Voir qui interroger',
  },

  controls: {
    minutes: (value: number) => format.minutesInWords(value),
    hours: (value: number) => `${format.hours(value)} par semaine`,
    hoursSpoken: (value: number) => `au moins ${format.decimal(value)} heures par semaine`,
    serviceOption: (label: string, lieux: number) =>
      lieux > 0 ? `${label} (${format.count(lieux)} ${format.plural(lieux, 'lieu', 'lieux')})` : `${label} (inconnu)`,
  },

  moment: {
    days: DAYS,
    hour,
    when: (day: number, minutes: number) => `${DAYS[day - 1]} à ${hour(minutes)}`,
    at: (when: string, state: string) => `Le ${when}\u00a0: ${state.toLocaleLowerCase('fr-FR')}`,
    reached: (when: string) => `Le ${when}, à portée`,
    sentence: (when: string, people: MomentPeople, total: number, minutes: number) => {
      const closed = people.ferme > 0 ? ` Pour ${format.count(people.ferme)}, tout est fermé à portée.` : '';
      const some = people.parfois > 0 ? ` ${format.count(people.parfois)} de plus certaines semaines.` : '';
      return `Le ${when}, ${format.count(people.ouvert)} habitants (${format.share(people.ouvert, total)}) ont un lieu ouvert à ${format.minutes(minutes)} au plus.${some}${closed}`;
    },
    weekLabel: (most: string, when: string) => `Habitants qui ont un lieu ouvert à portée, par demi-heure de la semaine : ${most} au plus, le ${when}. Choisissez un jour et une heure pour les autres.`,
    cell: (when: string, people: number) => `${when}\u00a0: ${format.count(people)} habitants`,
    states: MOMENT_LABELS satisfies Record<MomentState, string>,
    notes: {
      ouvert: (minutes: number) => `un lieu ouvert à ${format.minutes(minutes)} au plus`,
      parfois: () => 'bus, ou une semaine sur deux',
      inconnu: () => 'aucun n’est su ouvert, horaires inconnus',
      ferme: (minutes: number) => `tous fermés à ${format.minutes(minutes)}`,
      aucun: (minutes: number) => `à ${format.minutes(minutes)}, quelle que soit l’heure`,
    } satisfies Record<MomentState, (minutes: number) => string>,
  },

  legend: {
    titles: MEASURE_TITLES satisfies Record<View, string>,
    classNotes: (classe: Classe, minutes: number, hours: number) =>
      CLASS_MEANINGS[classe].replace('{T}', format.minutes(minutes)).replace('{H}', format.hours(hours)),
    upTo: (bound: string) => `${bound} ou moins`,
    between: (low: string, high: string) => `${low} à ${high}`,
    lessThan: (bound: string) => `moins de ${bound}`,
    moreThan: (bound: string) => `plus de ${bound}`,
    atLeast: (bound: string) => `${bound} ou plus`,
    noWay: 'Non joignable ou inconnu',
    noLieu: (minutes: number) => `Aucun lieu à ${format.minutes(minutes)}`,
    hoursUnknown: 'Horaires inconnus',
    ifnUnknown: 'Indice inconnu',
    ifnAll: 'Toutes les valeurs',
    ifnNote: 'Plus l’indice est élevé, plus la population est fragile. Un cinquième des habitants par teinte.',
    actNone: 'Aucun, à 0,1 près',
    actUnknown: 'Inconnu',
    actFormula: `Calcul\u00a0: ${ACT_FORMULA.replaceAll("'", '’')}.`,
    actNote: 'Habitants comptés par maille. De loin, une grande maille a la moyenne de ses mailles habitées.',
    bandsNote: 'Habitants comptés là où ils vivent ; une maille a la couleur de leur moyenne.',
    symbols: 'Lieux',
    near: 'Lieux, visibles en approchant',
    lieu: 'Lieu fixe',
    arret: 'Arrêt de bus France Services',
    sansHoraires: 'Creux : horaires inconnus',
    sansServices: 'Lieu à interroger : services inconnus',
    dehors: 'Plus clair : hors du territoire',
    zone: 'Contour d’une zone blanche',
    modelledTitle: 'Données modélisées\u00a0:',
    modelled: (what: readonly string[]) => `${format.list(what)}.`,
    barLabel: (parts: readonly string[]) => `Population par classe : ${parts.join(', ')}.`,
  },

  /** Kinds of inputs. */
  inputs: {
    communes: 'communes et population',
    epci: 'EPCI',
    secteurs: 'secteurs',
    lieux: 'lieux de médiation numérique',
    'france-services': 'France Services',
    population: 'population fine',
    ifn: 'indice de fragilité numérique',
    roads: 'routes',
    tournees: 'tournées des bus',
    equipements: 'équipements (soins, services publics)',
    gtfs: 'horaires de transport',
  } as Readonly<Record<string, string>>,

  zones: {
    summary: (zones: number, people: number) =>
      `${format.count(zones)} ${format.plural(zones, 'zone', 'zones')}, ${format.people(people)}, de la plus peuplée à la moins peuplée.`,
    empty: 'Aucune zone blanche avec ces critères.',
    emptyHint: 'Baissez le nombre de minutes ou changez de mode de déplacement pour voir les plus éloignés.',
    more: (count: number) => `Afficher les ${format.count(count)} ${format.plural(count, 'zone suivante', 'zones suivantes')}`,
    rank: (rank: number) => `Zone blanche n° ${rank}`,
    people: (people: number) => `${format.count(people)}\u00a0hab.`,
    to: (minutes: number, nom: string | undefined) =>
      nom ? `${format.minutes(minutes)} jusqu’à ${nom}` : `${format.minutes(minutes)} jusqu’au plus proche`,
    unreached: 'aucun lieu joignable',
  },

  check,

  filters,

  table: {
    caption: (niveau: string, minutes: number, mode: Mode, hours: number, service: Service) =>
      `${niveau} : habitants par classe d’accès à ${aLieu(service)}, à ${format.minutesInWords(minutes)} ${PHRASES[mode]}, seuil de ${format.hours(hours)} par semaine.`,
    open: 'Ouvrir le tableau',
    close: 'Réduire le tableau',
    rank: 'Priorité',
    rankTitle: 'Rang de priorité : le rang 1 réunit le plus d’habitants éloignés et fragiles ; sans l’indice là où il est inconnu',
    nom: 'Territoire',
    population: 'Habitants',
    split: 'Répartition',
    blanche: CLASS_LABELS.blanche,
    grise: CLASS_LABELS.grise,
    inconnue: CLASS_LABELS.inconnue,
    couverte: CLASS_LABELS.couverte,
    median: 'Temps médian',
    hours: 'Heures / sem.',
    ifn: 'IFN',
    unknown: 'inconnu',
    withoutHours: (people: number) => `${format.count(people)} sans heure`,
    filter: 'Filtrer par nom',
    within: (nom: string) => `${nom} seulement : tout afficher`,
    none: 'Aucun territoire ne porte ce nom.',
    shown: (count: number) => `${format.count(count)} ${format.plural(count, 'territoire', 'territoires')}`,
  },

  details,

  timetable,

  fragility: {
    old: 'données anciennes, qui disent peu d’aujourd’hui',
    chosen: 'Poids choisis, pas ceux de la feuille de route.',
    open: 'Ce qui fait l’indice de fragilité',
    caption: (score: string) => `Apport de chaque variable à l’indice, ${score} sur 10`,
    variable: 'Variable',
    adds: 'Apport, en points',
    sub: (name: string, score: string) => `${name}\u00a0: ${score} sur 10`,
    subIndices: { amenagement: 'Enjeux d’aménagement', publics: 'Publics exposés' } as Readonly<Record<string, string>>,
    proxy: (what: string) => `approché par\u00a0: ${what}`,
    interval: (low: number, high: number, of: number) =>
      low === high
        ? `Rang ${format.count(low)} sur ${format.count(of)} (1 = le plus fragile) dans neuf pondérations sur dix, valeurs inconnues tirées au sort.`
        : `Rang ${format.count(low)} à ${format.count(high)} sur ${format.count(of)} (1 = le plus fragile) dans neuf pondérations sur dix, valeurs inconnues tirées au sort.`,
    rank: (rank: number, of: number) => `Rang ${format.count(rank)} sur ${format.count(of)} (1 = le plus fragile).`,
    alone: 'Comparé aux EPCI du territoire\u00a0: 5 sur 10 serait un EPCI moyen.',
    noScore: (floor: string) => `Pas d’indice\u00a0: il faut connaître au moins ${floor} de chaque sous-indice.`,
    missing: (missing: number, all: number) => `Inconnu (${missing} ${format.plural(missing, 'variable', 'variables')} sur ${all})\u00a0:`,
    moved: 'Ce qui change le plus l’indice\u00a0:',
    influence: (name: string, points: string, up: boolean) => `${name} (${up ? '+' : ''}${points})`,
    formula: (formula: string) => `Calcul\u00a0: ${formula}. Une valeur inconnue est laissée de côté, jamais comptée comme 0.`,
    keep: 'Tous les territoires de ce type, avec leurs sources\u00a0:',
    files: { csv: 'CSV', xlsx: 'tableur (XLSX)' },
  },

  sources: {
    modelled: 'modélisé',
    vintage: (vintage: string) => `millésime ${vintage}`,
    licence: (licence: string) => `licence ${licence}`,
    rows: (rows: number) => `${format.count(rows)} ${format.plural(rows, 'ligne', 'lignes')}`,
    modelledTitle: 'Ce qui est modélisé',
    edition: (id: string, program: string | undefined) =>
      `Édition ${id}${program ? `, calculée par ${program}` : ''}.`,
  },

  errors: {
    title: 'Les chiffres n’ont pas pu être chargés.',
    unreachable: 'Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.',
    unexpected: 'Une erreur inattendue s’est produite.',
    reference: (id: string) => `Référence à donner au support : ${id}.`,
    retry: 'Réessayer',
    map: 'La carte ne peut pas s’afficher dans ce navigateur. La liste et le tableau donnent les mêmes chiffres.',
    otherEdition: 'Une nouvelle édition des données vient d’être publiée.',
    reload: 'Recharger la page',
  },

  frame: {
    failed: 'La carte n’a pas pu se dessiner ; le tableau dit la même chose.',
    reached: (commune: string, time: string) => `${commune} : ${time} jusqu’au lieu le plus proche`,
    unreached: (commune: string) => `${commune} : aucun lieu joignable`,
    hours: (hours: string) => `${hours} ouvertes par semaine à portée`,
    hoursUnknown: 'horaires inconnus à portée',
  },
  map: {
    label: (departement: string) =>
      `Carte de l’accès à l’aide numérique, ${departement}. Flèches pour se déplacer, plus et moins pour zoomer, Entrée pour les détails au centre.`,
    placingLabel: (departement: string) =>
      `Carte de l’accès à l’aide numérique, ${departement}. Flèches pour se déplacer, plus et moins pour zoomer, Entrée pour placer au centre.`,
    home: 'Revenir à tout le département',
    homeOf: (territoire: string) => `Revenir à ${territoire}`,
    loading: 'La carte se dessine…',
    controls: {
      'NavigationControl.ZoomIn': 'Zoomer',
      'NavigationControl.ZoomOut': 'Dézoomer',
      'ScaleControl.Meters': 'm',
      'ScaleControl.Kilometers': 'km',
      'AttributionControl.ToggleAttribution': 'Afficher les mentions',
      'Map.Title': 'Carte',
      'CooperativeGesturesHandler.WindowsHelpText': 'Ctrl + molette pour zoomer sur la carte',
      'CooperativeGesturesHandler.MacHelpText': '⌘ + molette pour zoomer sur la carte',
      'CooperativeGesturesHandler.MobileHelpText': 'Deux doigts pour déplacer la carte',
    },
  },
} as const;
