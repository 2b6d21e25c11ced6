-- Timetables of public transport. One row of gtfs is one feed; what it is made of stands in the
-- other tables, by the feed's dataset and position and by rang, the number by which other rows
-- refer to it. A trip has its calls in one value: 200 000 trips call 4 000 000 times. One row
-- of tad is one zone of transport on demand that is in no feed.

CREATE TABLE gtfs (
  fid             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset         text COLLATE "C" NOT NULL,
  position        integer NOT NULL,
  nom             text COLLATE "C" NOT NULL,
  version         text,
  premier_jour    text,
  dernier_jour    text,
  agences         text NOT NULL,
  correspondances bytea,
  CONSTRAINT gtfs_position_once UNIQUE (dataset, position),
  CONSTRAINT gtfs_name_once UNIQUE (dataset, nom)
);

CREATE TABLE gtfs_arrets (
  fid      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  geom     geometry(Point, 4326) NOT NULL,
  dataset  text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  rang     integer NOT NULL,
  id       text NOT NULL,
  nom      text NOT NULL,
  type     integer NOT NULL,
  parent   integer,
  fauteuil integer NOT NULL,
  CONSTRAINT gtfs_stop_once UNIQUE (dataset, position, rang),
  CONSTRAINT gtfs_stop_of_a_feed FOREIGN KEY (dataset, position) REFERENCES gtfs (dataset, position) ON DELETE CASCADE
);

CREATE INDEX gtfs_arrets_geom ON gtfs_arrets USING gist (geom);

CREATE TABLE gtfs_lignes (
  fid      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset  text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  rang     integer NOT NULL,
  id       text NOT NULL,
  agence   integer,
  numero   text,
  nom      text,
  type     integer NOT NULL,
  couleur  text,
  CONSTRAINT gtfs_line_once UNIQUE (dataset, position, rang),
  CONSTRAINT gtfs_line_of_a_feed FOREIGN KEY (dataset, position) REFERENCES gtfs (dataset, position) ON DELETE CASCADE
);

CREATE TABLE gtfs_services (
  fid          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset      text COLLATE "C" NOT NULL,
  position     integer NOT NULL,
  rang         integer NOT NULL,
  id           text NOT NULL,
  premier_jour text,
  dernier_jour text,
  nombre_jours integer NOT NULL,
  jours        bytea NOT NULL,
  CONSTRAINT gtfs_service_once UNIQUE (dataset, position, rang),
  CONSTRAINT gtfs_service_of_a_feed FOREIGN KEY (dataset, position) REFERENCES gtfs (dataset, position) ON DELETE CASCADE
);

CREATE TABLE gtfs_courses (
  fid              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset          text COLLATE "C" NOT NULL,
  position         integer NOT NULL,
  rang             integer NOT NULL,
  id               text NOT NULL,
  ligne            integer NOT NULL,
  service          integer NOT NULL,
  direction        text,
  sens             integer,
  vehicule         text,
  fauteuil         integer NOT NULL,
  premier_depart_s integer,
  nombre_passages  integer NOT NULL,
  passages         bytea NOT NULL,
  frequences       bytea,
  CONSTRAINT gtfs_trip_once UNIQUE (dataset, position, rang),
  CONSTRAINT gtfs_trip_of_a_feed FOREIGN KEY (dataset, position) REFERENCES gtfs (dataset, position) ON DELETE CASCADE
);

CREATE TABLE gtfs_zones (
  fid         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  geom        geometry(MultiPolygon, 4326),
  dataset     text COLLATE "C" NOT NULL,
  position    integer NOT NULL,
  rang        integer NOT NULL,
  id          text NOT NULL,
  nom         text,
  service     integer NOT NULL,
  debut_s     integer NOT NULL,
  fin_s       integer NOT NULL,
  preavis_min integer,
  telephone   text,
  ligne       integer,
  course      text,
  montee      integer NOT NULL,
  descente    integer NOT NULL,
  arrets      bytea,
  CONSTRAINT gtfs_zone_once UNIQUE (dataset, position, rang),
  CONSTRAINT gtfs_zone_of_a_feed FOREIGN KEY (dataset, position) REFERENCES gtfs (dataset, position) ON DELETE CASCADE
);

CREATE INDEX gtfs_zones_geom ON gtfs_zones USING gist (geom);

CREATE TABLE tad (
  fid                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  geom                 geometry(MultiPolygon, 4326),
  dataset              text COLLATE "C" NOT NULL,
  position             integer NOT NULL,
  id                   text COLLATE "C" NOT NULL,
  nom                  text,
  communes             text,
  quand                text,
  quand_creneaux       bytea,
  rendez_vous_creneaux bytea,
  preavis_min          integer,
  telephone            text,
  CONSTRAINT tad_position_once UNIQUE (dataset, position),
  CONSTRAINT tad_id_once UNIQUE (dataset, id),
  CONSTRAINT tad_creneaux_of_four_weeks CHECK (quand_creneaux IS NULL OR octet_length(quand_creneaux) = 336)
);

CREATE INDEX tad_geom ON tad USING gist (geom);

COMMENT ON TABLE gtfs IS 'Réseaux de transport. Réseaux lus de fichiers GTFS ; leurs arrêts, lignes, services et courses sont à côté.';
COMMENT ON COLUMN gtfs.dataset IS 'Jeu de données';
COMMENT ON COLUMN gtfs.position IS 'Rang dans le jeu';
COMMENT ON COLUMN gtfs.nom IS 'Nom du fichier ou du dossier';
COMMENT ON COLUMN gtfs.version IS 'Version';
COMMENT ON COLUMN gtfs.premier_jour IS 'Premier jour de service';
COMMENT ON COLUMN gtfs.dernier_jour IS 'Dernier jour de service';
COMMENT ON COLUMN gtfs.agences IS 'Exploitants et fuseaux horaires (JSON)';
COMMENT ON COLUMN gtfs.correspondances IS 'Règles de correspondance (varint)';
COMMENT ON TABLE gtfs_arrets IS 'Arrêts de transport. Arrêts et gares des réseaux de transport.';
COMMENT ON COLUMN gtfs_arrets.dataset IS 'Jeu de données';
COMMENT ON COLUMN gtfs_arrets.position IS 'Rang du réseau dans le jeu';
COMMENT ON COLUMN gtfs_arrets.rang IS 'Rang dans le réseau';
COMMENT ON COLUMN gtfs_arrets.id IS 'Identifiant';
COMMENT ON COLUMN gtfs_arrets.nom IS 'Nom';
COMMENT ON COLUMN gtfs_arrets.type IS 'Type (location_type) : 0 arrêt, 1 gare, 2 entrée, 3 nœud, 4 zone d’embarquement';
COMMENT ON COLUMN gtfs_arrets.parent IS 'Rang de la gare';
COMMENT ON COLUMN gtfs_arrets.fauteuil IS 'Accès en fauteuil roulant : 0 inconnu, 1 oui, 2 non';
COMMENT ON TABLE gtfs_lignes IS 'Lignes de transport. Lignes des réseaux de transport.';
COMMENT ON COLUMN gtfs_lignes.dataset IS 'Jeu de données';
COMMENT ON COLUMN gtfs_lignes.position IS 'Rang du réseau dans le jeu';
COMMENT ON COLUMN gtfs_lignes.rang IS 'Rang dans le réseau';
COMMENT ON COLUMN gtfs_lignes.id IS 'Identifiant';
COMMENT ON COLUMN gtfs_lignes.agence IS 'Rang de l’exploitant';
COMMENT ON COLUMN gtfs_lignes.numero IS 'Numéro';
COMMENT ON COLUMN gtfs_lignes.nom IS 'Nom';
COMMENT ON COLUMN gtfs_lignes.type IS 'Type (route_type) : 3 autocar ou bus, 712 scolaire…';
COMMENT ON COLUMN gtfs_lignes.couleur IS 'Couleur';
COMMENT ON TABLE gtfs_services IS 'Jours de service. Jours où circulent les courses.';
COMMENT ON COLUMN gtfs_services.dataset IS 'Jeu de données';
COMMENT ON COLUMN gtfs_services.position IS 'Rang du réseau dans le jeu';
COMMENT ON COLUMN gtfs_services.rang IS 'Rang dans le réseau';
COMMENT ON COLUMN gtfs_services.id IS 'Identifiant';
COMMENT ON COLUMN gtfs_services.premier_jour IS 'Premier jour';
COMMENT ON COLUMN gtfs_services.dernier_jour IS 'Dernier jour';
COMMENT ON COLUMN gtfs_services.nombre_jours IS 'Nombre de jours';
COMMENT ON COLUMN gtfs_services.jours IS 'Jours (varint, suites de jours)';
COMMENT ON TABLE gtfs_courses IS 'Courses. Courses des réseaux de transport ; les passages sont en une valeur.';
COMMENT ON COLUMN gtfs_courses.dataset IS 'Jeu de données';
COMMENT ON COLUMN gtfs_courses.position IS 'Rang du réseau dans le jeu';
COMMENT ON COLUMN gtfs_courses.rang IS 'Rang dans le réseau';
COMMENT ON COLUMN gtfs_courses.id IS 'Identifiant';
COMMENT ON COLUMN gtfs_courses.ligne IS 'Rang de la ligne';
COMMENT ON COLUMN gtfs_courses.service IS 'Rang du service';
COMMENT ON COLUMN gtfs_courses.direction IS 'Destination affichée';
COMMENT ON COLUMN gtfs_courses.sens IS 'Sens : 0 ou 1';
COMMENT ON COLUMN gtfs_courses.vehicule IS 'Roulement (block_id)';
COMMENT ON COLUMN gtfs_courses.fauteuil IS 'Accès en fauteuil roulant : 0 inconnu, 1 oui, 2 non';
COMMENT ON COLUMN gtfs_courses.premier_depart_s IS 'Premier départ (secondes)';
COMMENT ON COLUMN gtfs_courses.nombre_passages IS 'Nombre de passages';
COMMENT ON COLUMN gtfs_courses.passages IS 'Passages (varint)';
COMMENT ON COLUMN gtfs_courses.frequences IS 'Fréquences (varint)';
COMMENT ON TABLE gtfs_zones IS 'Zones sur réservation. Zones de transport à la demande des réseaux (GTFS-Flex).';
COMMENT ON COLUMN gtfs_zones.dataset IS 'Jeu de données';
COMMENT ON COLUMN gtfs_zones.position IS 'Rang du réseau dans le jeu';
COMMENT ON COLUMN gtfs_zones.rang IS 'Rang dans le réseau';
COMMENT ON COLUMN gtfs_zones.id IS 'Identifiant';
COMMENT ON COLUMN gtfs_zones.nom IS 'Nom';
COMMENT ON COLUMN gtfs_zones.service IS 'Rang du service';
COMMENT ON COLUMN gtfs_zones.debut_s IS 'Début (secondes)';
COMMENT ON COLUMN gtfs_zones.fin_s IS 'Fin (secondes)';
COMMENT ON COLUMN gtfs_zones.preavis_min IS 'Préavis (minutes)';
COMMENT ON COLUMN gtfs_zones.telephone IS 'Téléphone';
COMMENT ON COLUMN gtfs_zones.ligne IS 'Rang de la ligne';
COMMENT ON COLUMN gtfs_zones.course IS 'Course publiée';
COMMENT ON COLUMN gtfs_zones.montee IS 'Montée (pickup_type)';
COMMENT ON COLUMN gtfs_zones.descente IS 'Descente (drop_off_type)';
COMMENT ON COLUMN gtfs_zones.arrets IS 'Rangs des arrêts (varint)';
COMMENT ON TABLE tad IS 'Transport à la demande. Zones de transport à la demande : communes ou contour.';
COMMENT ON COLUMN tad.dataset IS 'Jeu de données';
COMMENT ON COLUMN tad.position IS 'Rang dans le jeu';
COMMENT ON COLUMN tad.id IS 'Identifiant';
COMMENT ON COLUMN tad.nom IS 'Nom';
COMMENT ON COLUMN tad.communes IS 'Communes (COG)';
COMMENT ON COLUMN tad.quand IS 'Jours et heures publiés';
COMMENT ON COLUMN tad.quand_creneaux IS 'Quarts d’heure de service sur 4 semaines ; vide : inconnus';
COMMENT ON COLUMN tad.rendez_vous_creneaux IS 'Quarts d’heure sur rendez-vous sur 4 semaines';
COMMENT ON COLUMN tad.preavis_min IS 'Préavis (minutes)';
COMMENT ON COLUMN tad.telephone IS 'Téléphone';
