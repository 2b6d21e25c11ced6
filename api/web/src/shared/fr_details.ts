/** The words of cards, of whom to ask and of filters, in French; en_details.ts has the same shape. */
import type { Gap, Maille } from './api.ts';
import * as format from './format.ts';
import { IF_KNOWN, MODE_PHRASES } from './legend.gen.ts';
import type { Mode } from './state.ts';

/** How the people of an outline are known. */
export type Drawn = NonNullable<Gap['contour']>;

/** Where to act first, of a cell. */
export type Acted = NonNullable<Maille['agir']>;

export const check = {
  summary: (zones: number, people: number) =>
    `${format.count(zones)} ${format.plural(zones, 'zone', 'zones')}, ${format.people(people)}\u00a0: rien de connu à portée, mais des lieux à interroger.`,
  empty: 'Rien à vérifier avec ces critères.',
  rank: (rank: number) => `Zone à vérifier n° ${rank}`,
  ask: 'À interroger',
  nobody: 'personne à interroger',
  /** What a lieu does not say, as the object of "demander". */
  missing: {
    services: 'les services',
    horaires: 'les horaires',
    tournee: 'les arrêts du bus',
    accueil: 'l’accueil du public',
  } as Readonly<Record<string, string>>,
  toAsk: (missing: readonly string[]) => `demander ${format.list(missing)}`,
  others: (count: number) => `${format.count(count)} ${format.plural(count, 'autre lieu', 'autres lieux')} à interroger`,
  depend: (people: number) => `${format.people(people)} en ${format.plural(people, 'dépend', 'dépendent')}`,
  lift: (people: number) => `jusqu’à ${format.people(people)} de plus ${format.plural(people, 'serait couvert', 'seraient couverts')}`,
} as const;

export const filters = {
  any: 'Indifférent',
  option: (value: string, lieux: number) => `${value} (${format.count(lieux)})`,
  untold: 'Aucun lieu de cette édition ne le précise.',
  status: (found: number, all: number, silent: number) =>
    `${format.count(found)} ${format.plural(found, 'lieu correspond', 'lieux correspondent')} sur ${format.count(all)}${silent > 0 ? `\u202f; ${format.count(silent)} ne le ${format.plural(silent, 'précise', 'précisent')} pas` : ''}.`,
} as const;

export const details = {
  close: 'Fermer les détails',
  loading: 'Chargement des détails…',
  maille: 'Maille habitée',
  mailleOf: (commune: string) => `Autour de ${commune}`,
  classIs: (name: string) => `Classe\u00a0: ${name}`,
  population: 'Population',
  accessTime: 'Temps jusqu’au lieu le plus proche',
  /** People by public, in the server's words. */
  dont: 'Dont',
  serves: 'Qui il sert',
  servesWithin: (minutes: number) => `Habitants à ${format.minutes(minutes)} au plus`,
  servesAlone: 'Seraient moins bien servis sans lui',
  /** Hours that would suit the buses. */
  suiting: {
    title: 'Horaires qui iraient avec les cars',
    loading: 'Essai de tous les jours et de toutes les heures…',
    impossible: (why: string) => why,
    none: (tried: number) => `Aucun des ${format.count(tried)} autres placements essayés ne servirait mieux ceux qui viennent en car ou à pied.`,
    instead: (open: string, instead: string) => `${open}, plutôt que ${instead}`,
    covered: (people: number) => `${people > 0 ? '+' : '−'}${format.people(Math.abs(people))} ${format.plural(Math.abs(people), 'couvert', 'couverts')}`,
    reached: (people: number) => `${people > 0 ? '+' : '−'}${format.people(Math.abs(people))} ${format.plural(Math.abs(people), 'trouve', 'trouvent')} une aide ouverte`,
    hours: (hours: number) => `${hours > 0 ? '+' : '−'}${format.decimal(Math.abs(hours))} heures par semaine × habitants`,
    lost: (people: number) => `${format.people(people)} n’y ${format.plural(people, 'serait', 'seraient')} plus ${format.plural(people, 'couvert', 'couverts')}`,
    note: (tried: number, before: number) =>
      `La meilleure heure de chaque jour, parmi ${format.count(tried)} placements essayés, une ouverture à la fois, le reste inchangé ; ${format.people(before)} ${format.plural(before, 'est couvert', 'sont couverts')} aujourd’hui.`,
  },
  medianTime: 'Temps d’accès médian',
  ninetieth: 'Neuf habitants sur dix à moins de',
  weeklyHours: 'Ouverture par semaine à portée',
  meanHours: 'Ouverture moyenne par semaine à portée',
  lieuxCount: 'Lieux sur le territoire',
  ifn: 'Fragilité numérique (IFN)',
  lacking: 'Habitants fragiles sans aide suffisante',
  /** In the server's words. */
  act: ({ sentence }: Acted) => sentence,
  places: (mode: Mode) => `Soins et services publics, ${MODE_PHRASES.fr[mode]}`,
  placeNames: {
    acces_urgences_min: 'Urgences',
    acces_generaliste_min: 'Médecin généraliste',
    acces_specialiste_min: 'Médecin spécialiste',
    acces_services_publics_min: 'Services publics',
  },
  placesUnknown: 'Inconnu\u00a0: aucun jeu de données de cette édition ne dit où ils sont.',
  placeUnreached: (mode: Mode) => `aucun trajet ${MODE_PHRASES.fr[mode]}`,
  placeSource: (source: string, vintage: string | undefined) => `source\u00a0: ${[source, vintage].filter(Boolean).join(', ')}`,
  /** In the server's words. */
  placeSources: (sources: string) => sources,
  placeAtCommune: 'placé à sa commune\u00a0: son adresse n’est pas connue',
  amenagement: (score: string) => `aménagement\u00a0: ${score}`,
  publics: (score: string) => `publics exposés\u00a0: ${score}`,
  completeness: (percent: string) => `calculé sur ${percent} des variables`,
  priority: 'Rang de priorité',
  unreachedTitle: 'Sans temps calculé',
  unreached: {
    no_path: 'sans route jusqu’à un lieu',
    no_road: 'trop loin d’une route',
    unknown: 'position inconnue',
  },
  area: 'Superficie',
  epci: 'EPCI',
  commune: 'Commune',
  communes: 'Communes',
  moreCommunes: (count: number) => `et ${format.count(count)} ${format.plural(count, 'autre', 'autres')}`,
  nearestLieu: 'Lieu le plus proche',
  lieux: 'Lieux à portée',
  nearest: 'Lieu le plus proche (hors de portée)',
  zones: 'Zones blanches du territoire',
  page: 'Sa page, à lire ou à imprimer',
  seeCommunes: 'Voir ses communes dans le tableau',
  fixed: 'Lieu fixe',
  itinerant: 'Lieu itinérant',
  stop: 'Arrêt de bus France Services',
  services: 'Services',
  modelled: 'Arrêt modélisé\u00a0: n’y envoyez personne.',
  modelledShort: 'arrêt modélisé',
  outside: (departement: string | undefined) =>
    `Hors du département${departement ? `, dans celui-ci\u00a0: ${departement}` : ''}. Il compte pour les habitants, sans être un lieu du territoire.`,
  outsideShort: (departement: string | undefined) => departement ?? 'hors du département',
  ask: 'À demander au lieu',
  asks: {
    services: 'Services non renseignés',
    horaires: 'Horaires non renseignés',
    tournee: 'Arrêts du bus inconnus',
    accueil: 'On ne sait pas s’il accueille le public',
  } as Readonly<Record<string, string>>,
  askHint: 'Tant qu’on ne le sait pas, ce lieu ne compte pas parmi ceux qui aident.',
  noServices: 'non renseignés\u00a0: à demander au lieu',
  byAppointment: 'Sur rendez-vous',
  walkIn: 'Sans rendez-vous',
  onlyAppointments: 'aucune\u00a0: on est reçu sur rendez-vous',
  contact: 'Contact',
  telephone: 'Téléphone',
  courriel: 'Courriel',
  site: 'Site internet',
  rendezVous: 'Prendre rendez-vous',
  accesLibre: 'Accessibilité (fiche Acceslibre)',
  publicsReceived: 'Publics accueillis',
  priseEnCharge: 'Prise en charge',
  labels: 'Labels',
  dispositif: 'Programmes',
  acces: 'Comment s’y prendre',
  accompagnement: 'Accompagnement',
  frais: 'Frais',
  structure: 'Structure',
  commentaire: 'Précisions',
  presentation: 'Présentation',
  newTab: 'site extérieur',
  doubts: {
    services: 'services inconnus',
    horaires: 'horaires inconnus',
    tournee: 'arrêts inconnus',
    accueil: 'accueil du public inconnu',
  } as Readonly<Record<string, string>>,
  toCheck: IF_KNOWN,
  toCheckPeople: (people: number) => `jusqu’à ${format.people(people)} de plus seraient couverts`,
  toCheckOf: (what: string, people: number) => `${what}\u00a0: ${format.count(people)}`,
  partial: (whole: number) => `sur ${format.count(whole)}\u00a0: le reste de l’intercommunalité est hors du département, et n’est pas compté`,
  outlined: ({ estimated: cut, published, published_year: year, beyond }: Drawn) =>
    [
      `estimés${cut > 0 ? `, dont ${format.count(cut)} dans des mailles que le contour coupe` : ''}\u00a0: un modèle, pas un recensement`,
      published ? `population publiée\u00a0: ${format.count(published)}${year ? ` (${year})` : ''}` : '',
      beyond ? 'le contour sort du territoire étudié\u202f; personne n’est compté au-delà' : '',
    ].filter(Boolean).join('\u202f; '),
  zonePeople: (here: number, outside: number) => `${format.people(here)}${outside > 0 ? ` ici, ${format.count(outside)} ailleurs` : ''}`,
  checkZones: 'Zones à vérifier du territoire',
  horaires: 'Horaires',
  open: 'Ouverture',
  openHours: 'En tout',
  span: (from: string, to: string) => `${from}\u00a0à\u00a0${to}`,
  address: 'Adresse',
  tournee: 'Tournée',
  source: 'Source',
  updated: (date: string) => `mise à jour le ${date}`,
  unknown: 'inconnu',
  unknownHours: 'non renseignés\u00a0: à demander au lieu',
  unread: (text: string) => `inconnus\u00a0: « ${text} » n’a pas été compris`,
  neverOpen: 'fermé toute la semaine',
  weeks: (weeks: string, count: number) => `${format.plural(count, 'semaine', 'semaines')} ${weeks} sur 4`,
  outOf10: (score: string) => `${score} sur 10`,
  perWeek: (hours: number) => `${format.hours(hours)} par semaine`,
  rankOf: (rank: number, count: number) => `${format.count(rank)} sur ${format.count(count)}`,
  notFound: 'Cet élément n’existe pas, ou plus, avec ces critères.',
  resolution: (cell: string, resolution: number) => `maille H3 ${cell}, résolution ${resolution}`,
  provenance: (parts: readonly string[]) => parts.join(' · '),
  edition: (id: string) => `Édition ${id}`,
} as const;
