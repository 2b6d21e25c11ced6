// Made by `go run ./scripts/legend`, whose test compares them: change the tables of geo, geo/legend, geo/lieu and tiles instead.

/** Modes of travel. */
export const MODES = [
  "car",
  "bike",
  "walk",
  "transit"
] as const;

/** Those that go by timetable: their answers are of dates, and their minutes come in steps. */
export const BY_TIMETABLE = [
  "transit"
] as const;

/** Minutes and hours a week of a question of each mode, where nobody says others. */
export const THRESHOLDS = {
  "car": {
    "minutes": 15,
    "hours": 17.5
  },
  "bike": {
    "minutes": 15,
    "hours": 17.5
  },
  "walk": {
    "minutes": 15,
    "hours": 17.5
  },
  "transit": {
    "minutes": 45,
    "hours": 3.5
  }
} as const;

/** As choices of a list, in French. */
export const MODE_LABELS = {
  "car": "En voiture",
  "bike": "À vélo",
  "walk": "À pied",
  "transit": "En bus ou car"
} as const;

/** At the end of a sentence. */
export const MODE_PHRASES = {
  "fr": {
    "car": "en voiture",
    "bike": "à vélo",
    "walk": "à pied",
    "transit": "en bus ou car"
  },
  "en": {
    "car": "by car",
    "bike": "by bicycle",
    "walk": "on foot",
    "transit": "by bus"
  }
} as const;

/** Services of the national schema, in the order of the bits of a lieu's mask. */
export const SERVICES = [
  "aide-demarches",
  "maitrise-outils",
  "insertion-professionnelle",
  "utilisation-securisee",
  "parentalite-education",
  "loisirs-creations",
  "comprehension-monde",
  "acces-internet",
  "acquisition-materiel"
] as const;

/** Their names in the schema. */
export const SERVICE_LABELS = {
  "aide-demarches": "Aide aux démarches administratives",
  "maitrise-outils": "Maîtrise des outils numériques du quotidien",
  "insertion-professionnelle": "Insertion professionnelle via le numérique",
  "utilisation-securisee": "Utilisation sécurisée du numérique",
  "parentalite-education": "Parentalité et éducation avec le numérique",
  "loisirs-creations": "Loisirs et créations numériques",
  "comprehension-monde": "Compréhension du monde numérique",
  "acces-internet": "Accès internet et matériel informatique",
  "acquisition-materiel": "Acquisition de matériel informatique à prix solidaire"
} as const;

/** Classes of inhabited places. */
export const CLASSES = [
  "couverte",
  "grise",
  "blanche",
  "inconnue"
] as const;

/** Their numbers in the column `classe`. */
export const CLASS_CODES = {
  "couverte": 1,
  "grise": 2,
  "blanche": 3,
  "inconnue": 4
} as const;

/** From the worst to the best, the order in which a reader looks for gaps. */
export const CLASS_ORDER = [
  "blanche",
  "grise",
  "inconnue",
  "couverte"
] as const;

/** In French. */
export const CLASS_LABELS = {
  "blanche": "Blanche",
  "grise": "Grise",
  "inconnue": "À vérifier",
  "couverte": "Couverte"
} as const;

/** In French, with {T} for the minutes of a question and {H} for its hours, as they are written with their units. */
export const CLASS_MEANINGS = {
  "blanche": "rien à {T}",
  "grise": "un lieu à {T}, moins de {H} par semaine",
  "inconnue": "rien de connu à {T}, mais un lieu à interroger",
  "couverte": "un lieu à {T}, {H} par semaine ou plus"
} as const;

/** The same where one has to be there while it is open, and to come home. */
export const CLASS_MEANINGS_BY_TIMETABLE = {
  "blanche": "rien à {T}, quels que soient les horaires d’ouverture",
  "grise": "un lieu à {T}, moins de {H} par semaine où l’on peut y être et rentrer",
  "inconnue": "rien de connu à {T}, mais un lieu à interroger",
  "couverte": "un lieu à {T}, {H} par semaine ou plus où l’on peut y être et rentrer"
} as const;

/** Those whom what is unknown could make couverts, in French. */
export const IF_KNOWN = "Si l’on savait" as const;

/** What is found within reach at a moment, in the order of the column `ouvert`, from 1. */
export const MOMENT_STATES = [
  "ouvert",
  "parfois",
  "inconnu",
  "ferme",
  "aucun"
] as const;

/** In French. */
export const MOMENT_LABELS = {
  "ouvert": "Ouvert",
  "parfois": "Ouvert certaines semaines",
  "inconnu": "Inconnu",
  "ferme": "Fermé",
  "aucun": "Aucun lieu"
} as const;

/** In French, where one has to be there, and to come home. */
export const MOMENT_LABELS_BY_TIMETABLE = {
  "ouvert": "Ouvert, et un bus le permet",
  "parfois": "Certaines semaines",
  "inconnu": "Inconnu",
  "ferme": "Fermé, ou aucun bus ne le permet",
  "aucun": "Aucun lieu"
} as const;

/** What the colours of the map may mean. */
export const MEASURES = [
  "classes",
  "temps",
  "heures",
  "moment",
  "ifn",
  "agir"
] as const;

/** As choices of a list, in French. */
export const MEASURE_LABELS = {
  "classes": "Couverture",
  "temps": "Temps d’accès",
  "heures": "Heures par semaine",
  "moment": "À telle heure",
  "ifn": "Fragilité (IFN)",
  "agir": "Où agir d’abord"
} as const;

/** Over the legend, in French. */
export const MEASURE_TITLES = {
  "classes": "Population selon l’accès",
  "temps": "Temps jusqu’au lieu le plus proche",
  "heures": "Ouverture par semaine à portée",
  "moment": "Un lieu ouvert à ce moment",
  "ifn": "Fragilité numérique (indice IFN)",
  "agir": "Où agir d’abord : habitants fragiles sans aide suffisante"
} as const;

/** The same by timetable. */
export const MEASURE_TITLES_BY_TIMETABLE = {
  "classes": "Population selon l’accès en bus ou car",
  "temps": "Temps de l’aller, attente comprise",
  "heures": "Heures par semaine où l’on peut y être et rentrer",
  "moment": "Y être à ce moment, et rentrer",
  "ifn": "Fragilité numérique (indice IFN)",
  "agir": "Où agir d’abord : habitants fragiles sans aide suffisante en bus ou car"
} as const;

/** What times are by timetable, in French. */
export const TIME_BY_TIMETABLE = "Le plus court aller qui compte : on est au lieu pendant qu’il est ouvert, et rentré chez soi le même jour ; l’attente devant une porte fermée est comprise. Là où aucun bus ne le permet, le temps à pied." as const;

/** What hours are by timetable, in French. */
export const HOUR_BY_TIMETABLE = "Les heures d’ouverture pendant lesquelles on peut être au lieu, y être allé et en revenir dans le temps choisi, à pied ou en bus ou car." as const;

/** What the measure of where to act first is of a cell, in French. */
export const ACT_FORMULA = "habitants fragiles de la maille (habitants × indice de leur commune ÷ 10) en zone grise ou blanche ; inconnu quand l'accès (à vérifier) ou l'indice l'est pour plus de la moitié de ses habitants, sinon sans ceux-là ; l'indice est celui de la commune, et rien n'est dit de ce qu'un lieu apporterait" as const;

/** Every colour, by its name in CSS. */
export const PALETTE = {
  "blanche": "#8a1250",
  "grise": "#e2a033",
  "inconnue": "#ccd4e2",
  "couverte": "#bfe3dc",
  "moment-ouvert": "#bfe3dc",
  "moment-parfois": "#3f7fb0",
  "moment-inconnu": "#ccd4e2",
  "moment-ferme": "#e2a033",
  "moment-aucun": "#8a1250",
  "gagne": "#0b5f8a",
  "perd": "#f08a3c",
  "autrement": "#a99fc4",
  "inchange": "#e4e7ec",
  "temps-0": "#fdf0d2",
  "temps-1": "#fbd5a0",
  "temps-2": "#f8b074",
  "temps-3": "#ee8260",
  "temps-4": "#d35568",
  "temps-5": "#a53a72",
  "temps-6": "#73286a",
  "temps-7": "#431a50",
  "heures-0": "#f7f3cf",
  "heures-1": "#cfe8b9",
  "heures-2": "#8accb8",
  "heures-3": "#45a9bd",
  "heures-4": "#2674a5",
  "heures-5": "#1d3f78",
  "ifn-0": "#eceff7",
  "ifn-1": "#c3cfe6",
  "ifn-2": "#9aa6d2",
  "ifn-3": "#8468b2",
  "ifn-4": "#5f2277",
  "agir-0": "#fde0d4",
  "agir-1": "#f8b59b",
  "agir-2": "#ec8266",
  "agir-3": "#cf4c43",
  "agir-4": "#9c2230",
  "agir-5": "#5c0b22",
  "gain-0": "#dbeaf3",
  "gain-1": "#a9d3e3",
  "gain-2": "#6fb3d0",
  "gain-3": "#3a8bb8",
  "gain-4": "#1f5f96",
  "gain-5": "#142f66",
  "croix-0-0": "#e9e9ee",
  "croix-0-1": "#a9d8d3",
  "croix-0-2": "#5ab4ac",
  "croix-1-0": "#dcb3d6",
  "croix-1-1": "#9d9fc9",
  "croix-1-2": "#4f86a8",
  "croix-2-0": "#b7509f",
  "croix-2-1": "#82408f",
  "croix-2-2": "#35306b",
  "ink": "#14213d",
  "ink-soft": "#46536f",
  "ink-pale": "#c9d3e6",
  "ink-label": "#33415f",
  "black": "#000000",
  "paper": "#ffffff",
  "paper-map": "#fbfaf7",
  "ground": "#f3f5f8",
  "ground-picture": "#f7f8fa",
  "outside": "#e6e9ee",
  "line": "#d5dae3",
  "line-soft": "#e8ebf0",
  "line-strong": "#7a859c",
  "line-disabled": "#c0c7d3",
  "track": "#e8ebf0",
  "track-slider": "#c6cedb",
  "accent": "#1f4fa3",
  "accent-strong": "#173d80",
  "accent-soft": "#e6edf8",
  "focus": "#0b5fff",
  "new": "#0b5fff",
  "alert": "#8a1250",
  "alert-soft": "#fbeef4",
  "loss-ink": "#a3450a",
  "modelled": "#6b4c08",
  "modelled-strong": "#5d4207",
  "modelled-line": "#8a6412",
  "modelled-line-soft": "#e3cf9a",
  "modelled-soft": "#fff7e3",
  "zone": "#4a0a2b",
  "road": "#5a6478",
  "border": "#6b6b6b",
  "unknown": "#ccd4e2",
  "hatch": "#7486a6",
  "no-lieu": "#a9a6ad",
  "no-gain": "#f4f1ea",
  "logo": "#d4467f"
} as const;

/** Colours of the bands of a measure. */
export const RAMPS = {
  "temps": [
    "#fdf0d2",
    "#fbd5a0",
    "#f8b074",
    "#ee8260",
    "#d35568",
    "#a53a72",
    "#73286a",
    "#431a50"
  ],
  "heures": [
    "#f7f3cf",
    "#cfe8b9",
    "#8accb8",
    "#45a9bd",
    "#2674a5",
    "#1d3f78"
  ],
  "ifn": [
    "#eceff7",
    "#c3cfe6",
    "#9aa6d2",
    "#8468b2",
    "#5f2277"
  ],
  "agir": [
    "#fde0d4",
    "#f8b59b",
    "#ec8266",
    "#cf4c43",
    "#9c2230",
    "#5c0b22"
  ],
  "gain": [
    "#dbeaf3",
    "#a9d3e3",
    "#6fb3d0",
    "#3a8bb8",
    "#1f5f96",
    "#142f66"
  ]
} as const;

/** What cuts a measure into bands. */
export const BOUNDS = {
  "temps": [
    5,
    10,
    15,
    20,
    30,
    45,
    60
  ],
  "heures": [
    5,
    10,
    17.5,
    25,
    35
  ],
  "agir": [
    1,
    2,
    5,
    10,
    20
  ],
  "gain": [
    100,
    500,
    1000,
    2000,
    4000
  ]
} as const;

/** Colours of need, in thirds from the least fragile, by thirds of another figure. */
export const CROSSED = [
  [
    "#e9e9ee",
    "#a9d8d3",
    "#5ab4ac"
  ],
  [
    "#dcb3d6",
    "#9d9fc9",
    "#4f86a8"
  ],
  [
    "#b7509f",
    "#82408f",
    "#35306b"
  ]
] as const;

/** Classifications of communes that need is crossed with, in French, by the column of their number. */
export const SCALES = {
  "densite_niveau": {
    "label": "Densité (7 niveaux)",
    "source": "INSEE, grille communale de densité",
    "levels": [
      {
        "number": 1,
        "label": "Grands centres urbains"
      },
      {
        "number": 2,
        "label": "Centres urbains intermédiaires"
      },
      {
        "number": 3,
        "label": "Petites villes"
      },
      {
        "number": 4,
        "label": "Ceintures urbaines"
      },
      {
        "number": 5,
        "label": "Bourgs ruraux"
      },
      {
        "number": 6,
        "label": "Rural à habitat dispersé"
      },
      {
        "number": 7,
        "label": "Rural à habitat très dispersé"
      }
    ]
  },
  "ruralite_niveau": {
    "label": "Ruralité",
    "source": "ANCT, typologie des ruralités",
    "levels": [
      {
        "number": 1,
        "label": "Ruralités résidentielles aisées"
      },
      {
        "number": 2,
        "label": "Ruralités résidentielles mixtes"
      },
      {
        "number": 3,
        "label": "Petites polarités industrielles et artisanales"
      },
      {
        "number": 4,
        "label": "Petites polarités mixtes"
      },
      {
        "number": 5,
        "label": "Ruralités productives ouvrières"
      },
      {
        "number": 6,
        "label": "Ruralités productives agricoles"
      },
      {
        "number": 7,
        "label": "Ruralités touristiques à dominante résidentielle"
      },
      {
        "number": 8,
        "label": "Ruralités touristiques spécialisées"
      }
    ]
  }
} as const;

/** Layers of tiles, their zooms and the source layers inside. */
export const LAYERS = {
  "cells": {
    "minzoom": 5,
    "maxzoom": 12,
    "sources": [
      "cells"
    ]
  },
  "zones": {
    "minzoom": 5,
    "maxzoom": 12,
    "sources": [
      "zones"
    ]
  },
  "epci": {
    "minzoom": 4,
    "maxzoom": 12,
    "sources": [
      "epci",
      "epci_labels"
    ]
  },
  "communes": {
    "minzoom": 6,
    "maxzoom": 12,
    "sources": [
      "communes",
      "communes_labels"
    ]
  },
  "roads": {
    "minzoom": 5,
    "maxzoom": 12,
    "sources": [
      "roads"
    ]
  },
  "lieux": {
    "minzoom": 5,
    "maxzoom": 12,
    "sources": [
      "lieux"
    ]
  },
  "lignes": {
    "minzoom": 7,
    "maxzoom": 12,
    "sources": [
      "lignes"
    ]
  },
  "arrets": {
    "minzoom": 10,
    "maxzoom": 12,
    "sources": [
      "arrets"
    ]
  }
} as const;
