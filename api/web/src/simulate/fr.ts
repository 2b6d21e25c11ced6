/**
 * The words of the mode that tries changes. Apart from fr.ts only so that they
 * come with the mode and not with the page; the same typography.
 */
import type { Classe } from '../shared/api.ts';
import * as format from '../shared/format.ts';
import { fr, PHRASES } from '../shared/fr.ts';
import type { Overlay } from './overlay.ts';
import type { Day, Moment, Rhythm, Week } from './scenario.ts';
import type { Mode } from '../shared/state.ts';

const people = (value: number) => format.plural(value, 'habitant', 'habitants');

/** "+1 240", "−320": a true minus, as French has it. */
function signed(value: number, sign: '+' | '−'): string {
  return `${sign}${format.count(value)}`;
}

export const terms = {
  kind: 'Simulation',
  question: 'Que voulez-vous essayer\u202f?',
  close: 'Quitter la simulation',
  back: '← Retour',
  defaultName: 'Mon scénario',
  tools: {
    ouvrir: 'Ouvrir un lieu',
    fermer: 'Fermer un lieu',
    deplacer: 'Déplacer un lieu',
    horaires: 'Changer des horaires',
    tournee: 'Tracer une tournée de bus',
    suggerer: 'Où un lieu aiderait-il le plus\u202f?',
  },
  toolHints: {
    ouvrir: 'Un nouveau point d’accueil, où vous voulez',
    fermer: 'Un lieu, ou toute une tournée',
    deplacer: 'Un lieu existant, ailleurs',
    horaires: 'D’un lieu existant',
    tournee: 'Des arrêts, un jour et un rythme pour chacun',
    suggerer: 'Dix communes, tout le département calculé',
  },

  overlay: {
    question: 'Ce que montre la carte',
    labels: { avant: 'Avant', apres: 'Après', rideau: 'Rideau', difference: 'Différence', gains: 'Où aider' } satisfies Record<Overlay, string>,
    legend: 'Légende de la simulation',
    changed: 'contour\u00a0: maille qui change',
    curtain: 'Rideau\u00a0: avant à gauche, après à droite',
    curtainAt: (percent: number) => `avant sur ${percent}\u00a0% de la largeur`,
    sides: 'avant à gauche du rideau, après à droite\u00a0; habitants d’après',
    gagne: 'gagnent',
    perd: 'perdent',
    autrement: 'changent autrement',
    inchange: 'sans changement',
    gainsTitle: 'Habitants qu’un lieu placé là rendrait couverts',
    gainsNone: 'aucun',
    moreThan: (bound: number) => `${format.count(bound)} ou plus`,
    between: (low: number, high: number) => `${format.count(low)} à ${format.count(high - 1)}`,
  },

  place: {
    hint: 'Cliquez sur la carte pour placer le lieu.',
    hintAgain: 'Placé. Faites glisser le repère, ou cliquez ailleurs\u00a0: les chiffres suivent.',
    hintMove: 'Faites glisser le repère, ou cliquez sur la carte à son nouvel endroit.',
    hintStop: 'Cliquez sur la carte pour ajouter des arrêts, dans l’ordre.',
    atCenter: 'Placer au centre de la carte',
    addAtCenter: 'Ajouter un arrêt au centre de la carte',
    toMap: 'Aller à la carte',
    keyboard: 'Au clavier\u00a0: flèches pour déplacer la carte, Entrée pour placer au centre.',
    placed: 'Lieu placé.',
    stopPlaced: (rank: number) => `Arrêt ${rank} ajouté.`,
    moved: 'Lieu déplacé.',
  },

  name: 'Son nom (facultatif)',
  newLieu: (rank: number) => `Nouveau lieu ${rank}`,
  markNew: (nom: string) => `${nom}. Flèches pour le déplacer, Majuscule pour aller plus vite.`,
  markClosed: (nom: string) => `${nom}\u00a0: fermé`,
  markLeft: (nom: string) => `Ancien emplacement de ${nom}`,
  markHours: (nom: string) => `${nom}\u00a0: horaires changés`,

  hours: {
    question: 'Quand est-il ouvert\u202f?',
    weeks: {
      complet: '35\u00a0h\u00a0: lundi à vendredi, 9\u00a0h\u2060–\u206012\u00a0h et 13\u00a0h\u2060–\u206017\u00a0h',
      matins: '17,5\u00a0h\u00a0: lundi à vendredi, 9\u00a0h\u2060–\u206012\u00a0h\u00a030',
      demi: '3\u00a0h\u00a0: une demi-journée, le mardi matin',
    } satisfies Record<Week, string>,
    custom: 'D’autres horaires',
    text: 'Horaires, à la manière d’OpenStreetMap',
    example: 'Par exemple Mo-We 09:00-12:00; Sa 10:00-12:00',
    apply: 'Appliquer',
    now: (horaires: string) => `Aujourd’hui\u00a0: ${horaires}`,
    unknown: 'horaires inconnus',
  },

  services: {
    question: 'Quels services y trouve-t-on\u202f?',
    all: 'Tous les services',
    some: (count: number) => `${count} ${format.plural(count, 'service', 'services')}`,
    none: 'Cochez au moins un service.',
  },

  pick: {
    question: { fermer: 'Quel lieu fermer\u202f?', deplacer: 'Quel lieu déplacer\u202f?', horaires: 'De quel lieu\u202f?' },
    hint: 'Cliquez sur un lieu de la carte, ou cherchez-le.',
    search: 'Nom ou commune',
    none: 'Aucun lieu de ce nom.',
    more: (left: number) => `et ${format.count(left)} ${format.plural(left, 'autre', 'autres')}\u00a0: précisez`,
    tour: (nom: string) => `toute la tournée «\u202f${nom}\u202f»`,
    notThis: 'Ce lieu est un arrêt de bus\u00a0: changez sa tournée entière, ou fermez-la.',
    closed: (nom: string) => `${nom}\u00a0: fermé.`,
    other: 'Choisir un autre lieu',
  },

  tour: {
    name: 'Nom de la tournée',
    defaultName: 'Nouvelle tournée',
    stop: (rank: number) => `Arrêt ${rank}`,
    stopName: (rank: number) => `Nom de l’arrêt ${rank}`,
    day: (rank: number) => `Jour de l’arrêt ${rank}`,
    moment: (rank: number) => `Moment de l’arrêt ${rank}`,
    rhythm: (rank: number) => `Rythme de l’arrêt ${rank}`,
    days: { Mo: 'lundi', Tu: 'mardi', We: 'mercredi', Th: 'jeudi', Fr: 'vendredi', Sa: 'samedi' } satisfies Record<Day, string>,
    moments: { matin: 'matin', 'apres-midi': 'après-midi', journee: 'journée' } satisfies Record<Moment, string>,
    rhythms: {
      semaine: 'chaque sem.',
      impaires: 'sem. impaires',
      paires: 'sem. paires',
      mois: '1 semaine sur 4',
    } satisfies Record<Rhythm, string>,
    up: (rank: number) => `Avancer l’arrêt ${rank}`,
    down: (rank: number) => `Reculer l’arrêt ${rank}`,
    remove: (rank: number) => `Retirer l’arrêt ${rank}`,
    ownHours: (when: string) => `Horaires de l’arrêt\u00a0: ${when}`,
    empty: 'Aucun arrêt pour l’instant.',
    hours: 'Matin\u00a0: 9\u00a0h\u2060–\u206012\u00a0h. Après-midi\u00a0: 14\u00a0h\u2060–\u206017\u00a0h. Journée\u00a0: les deux.',
  },

  suggest: {
    hint: 'Les communes où un lieu ouvert à ces heures rendrait le plus d’habitants couverts, à partir de la situation d’aujourd’hui.',
    loading: 'Recherche partout dans le département…',
    none: 'Aucun lieu de plus n’aiderait avec ces réglages.',
    gain: (value: number) => `+${format.people(value)}`,
    from: (value: number) => `dont ${format.count(value)} sans lieu à portée`,
    who: (who: string) => `dont ${who}`,
    somewhere: 'hors commune',
  },

  knowing: {
    title: 'D’abord, demander',
    tell: (missing: readonly string[]) => `Renseigner ${format.list(missing.map((what) => fr.check.missing[what] ?? what))} de`,
    upTo: (value: number) => `jusqu’à ${format.people(value)}`,
    here: (value: number) => `, dont ${format.count(value)} que ce scénario change`,
    colon: '\u00a0: ',
  },

  summary: {
    title: 'Ce que cela change',
    waiting: 'Calcul…',
    empty: 'Rien n’est encore changé. Les chiffres apparaissent ici dès le premier essai.',
    gainedPublics: (who: string) => `Parmi ceux dont la classe s’améliore\u00a0: ${who}.`,
    lostPublics: (who: string) => `Parmi ceux dont la classe se dégrade\u00a0: ${who}.`,
    nothing: 'Rien ne change pour les habitants avec ces réglages.',
    covered: (value: number) => [signed(value, '+'), `${people(value)} ${format.plural(value, 'couvert', 'couverts')}`] as const,
    uncovered: (value: number) => [signed(value, '−'), `${people(value)} qui ne ${format.plural(value, 'serait', 'seraient')} plus ${format.plural(value, 'couvert', 'couverts')}`] as const,
    within: (value: number, minutes: number, mode: Mode) =>
      [signed(value, '+'), `${people(value)} à ${format.minutes(minutes)} au plus ${PHRASES[mode]}`] as const,
    beyond: (value: number, minutes: number, mode: Mode) =>
      [signed(value, '−'), `${people(value)} qui ${format.plural(value, 'passerait', 'passeraient')} à plus de ${format.minutes(minutes)} ${PHRASES[mode]}`] as const,
    more: (mean: number, value: number) => [`+${format.hours(mean)}`, `par semaine en moyenne pour ${format.people(value)}`] as const,
    fewer: (mean: number, value: number) => [`−${format.hours(mean)}`, `par semaine en moyenne pour ${format.people(value)}`] as const,
    nearer: (value: number) => [format.count(value), `${people(value)} ${format.plural(value, 'aurait', 'auraient')} un lieu plus proche`] as const,
    farther: (value: number) => [format.count(value), `${people(value)} ${format.plural(value, 'aurait', 'auraient')} un lieu plus loin`] as const,
    zones: 'Zones blanches',
    zonePeople: 'Habitants en zone blanche',
    from: (before: number, after: number) => `${format.count(before)} → ${format.count(after)}`,
    fromSpoken: (before: number, after: number) => `${format.count(before)} avant, ${format.count(after)} après`,
    table: 'Territoires qui changent le plus',
    nom: 'Territoire',
    coveredColumn: 'Couverts',
    withinColumn: (minutes: number) => `À ${format.minutes(minutes)}`,
    before: 'avant',
    after: 'après',
    modelled: 'Calcul exact, sur des données en partie modélisées (voir sous la carte).',
    error: 'Ce scénario ne peut pas être calculé.',
  },

  actions: {
    title: (count: number) => (count > 1 ? `Vos ${count} changements` : 'Votre changement'),
    undo: 'Annuler la dernière action',
    undone: 'Dernière action annulée.',
    remove: (what: string) => `Retirer\u00a0: ${what}`,
    edit: (what: string) => `Modifier\u00a0: ${what}`,
    rename: 'Nom du scénario',
    add: (nom: string) => `Ouvrir ${nom}`,
    close: (nom: string) => `Fermer ${nom}`,
    move: (nom: string) => `Déplacer ${nom}`,
    hours: (nom: string) => `Changer les horaires de ${nom}`,
    services: (nom: string) => `Changer les services de ${nom}`,
    tour: (nom: string, stops: number) => `Tournée ${nom} (${stops} ${format.plural(stops, 'arrêt', 'arrêts')})`,
    setTour: (nom: string) => `Changer la tournée ${nom}`,
    removeTour: (nom: string) => `Supprimer la tournée ${nom}`,
    line: (nom: string, stops: number, departures: number) =>
      `Ajouter la ligne ${nom} (${format.count(stops)} arrêts, ${format.count(departures)} ${format.plural(departures, 'départ', 'départs')}, modélisée)`,
    shift: (trip: string, minutes: number) => `Faire partir la course ${trip} ${format.minutes(Math.abs(minutes))} plus ${minutes > 0 ? 'tard' : 'tôt'}`,
  },

  keep: {
    title: 'Enregistrer et partager',
    link: 'Lien vers ce scénario',
    linkHint: 'Ce lien contient tout le scénario\u00a0: rien n’est enregistré sur le serveur.',
    linkSaved: 'Ce lien ouvre le scénario enregistré sur le serveur.',
    linkLong: 'Le scénario est trop long pour tenir dans un lien\u00a0: enregistrez-le, ou téléchargez-le.',
    copy: 'Copier le lien',
    copied: 'Lien copié.',
    download: 'Télécharger le scénario (JSON)',
    token: 'Jeton d’écriture',
    tokenHint:
      'Votre administrateur crée ce jeton. Il reste dans cet onglet et s’efface à sa fermeture.',
    save: 'Enregistrer sur le serveur',
    saveAgain: 'Enregistrer les modifications',
    copyName: (name: string) => `${name} (copie)`,
    duplicate: 'Dupliquer',
    duplicated: (name: string) => `«\u202f${name}\u202f» est une copie\u00a0: le scénario enregistré ne change plus.`,
    saved: (name: string) => `«\u202f${name}\u202f» est enregistré.`,
    files: 'Différence du scénario enregistré\u00a0:',
    csv: 'CSV',
    geojson: 'GeoJSON',
    broken: 'Ce lien est incomplet\u00a0: le scénario n’a pas pu être lu.',
  },

  errors: {
    network: fr.errors.unreachable,
    unexpected: fr.errors.unexpected,
  },

  classe: (classe: Classe) => fr.classes[classe],
} as const;
