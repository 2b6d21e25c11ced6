-- What was imported. Every row of an input belongs to a dataset (one import) and
-- has a position in it, from 0; readers go by (dataset, position), the bytes of the
-- dataset (COLLATE "C", as for all keys). NULL is unknown or none. Geometries are in EPSG:4326.

-- One row is one dataset: a manifest. files is a JSON array of {name, sha256, bytes}.
CREATE TABLE datasets (
  fid         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text COLLATE "C" NOT NULL,
  dataset     text COLLATE "C" NOT NULL,
  row_count   bigint NOT NULL,
  format      text NOT NULL,
  source      text NOT NULL,
  licence     text,
  vintage     text,
  modelled    text,
  files       json NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT dataset_once_per_kind UNIQUE (kind, dataset),
  CONSTRAINT dataset_is_named CHECK (dataset <> ''),
  CONSTRAINT dataset_rows_not_negative CHECK (row_count >= 0)
);

-- One row is one commune. point is a place inside, for its label.
CREATE TABLE communes (
  fid                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  geom                 geometry(MultiPolygon, 4326),
  dataset              text COLLATE "C" NOT NULL,
  position             integer NOT NULL,
  code                 text COLLATE "C" NOT NULL,
  nom                  text NOT NULL,
  epci                 text,
  population_habitants bigint NOT NULL,
  point_lon_deg        double precision NOT NULL,
  point_lat_deg        double precision NOT NULL,
  CONSTRAINT commune_position_once UNIQUE (dataset, position),
  CONSTRAINT commune_code_once UNIQUE (dataset, code),
  CONSTRAINT commune_population_not_negative CHECK (population_habitants >= 0)
);

-- One row is one EPCI; code is its SIREN.
CREATE TABLE epci (
  fid      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  geom     geometry(MultiPolygon, 4326),
  dataset  text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  code     text COLLATE "C" NOT NULL,
  nom      text NOT NULL,
  CONSTRAINT epci_position_once UNIQUE (dataset, position),
  CONSTRAINT epci_code_once UNIQUE (dataset, code)
);

-- One row is one secteur; communes is a JSON array of COG codes.
CREATE TABLE secteurs (
  fid      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset  text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  code     text COLLATE "C" NOT NULL,
  nom      text NOT NULL,
  communes json NOT NULL,
  CONSTRAINT secteur_position_once UNIQUE (dataset, position),
  CONSTRAINT secteur_code_once UNIQUE (dataset, code)
);

-- One row is one lieu; geom is NULL when the source gives no usable position.
-- services: slugs joined by '|'. horaires_creneaux: the set of open quarter hours
-- over the 4-week cycle, 42 little-endian 64-bit words, slot 0 (Monday 00:00 of
-- week 1) in the lowest bit of the first; NULL when the hours are unknown, which
-- is not the same as never open (all zero).
CREATE TABLE lieux (
  fid               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  geom              geometry(Point, 4326),
  dataset           text COLLATE "C" NOT NULL,
  position          integer NOT NULL,
  id                text COLLATE "C" NOT NULL,
  nom               text NOT NULL,
  commune           text,
  commune_nom       text,
  code_postal       text,
  adresse           text,
  typologie         text,
  services          text,
  horaires          text,
  horaires_creneaux bytea,
  itinerant         boolean NOT NULL,
  sans_public       boolean NOT NULL,
  source            text,
  mis_a_jour        date,
  site_web          text,
  frais             text,
  dispositif        text,
  CONSTRAINT lieu_position_once UNIQUE (dataset, position),
  CONSTRAINT lieu_id_once UNIQUE (dataset, id),
  CONSTRAINT lieu_creneaux_of_four_weeks CHECK (horaires_creneaux IS NULL OR octet_length(horaires_creneaux) = 336)
);

-- One row is one tournée; geom is its depot, NULL when it has none.
CREATE TABLE tournees (
  fid      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  geom     geometry(Point, 4326),
  dataset  text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  id       text COLLATE "C" NOT NULL,
  nom      text,
  lieu_id  text,
  services text,
  CONSTRAINT tournee_position_once UNIQUE (dataset, position),
  CONSTRAINT tournee_id_once UNIQUE (dataset, id)
);

-- One row is one stop of a tournée: that of the same dataset and position. rang is
-- the order of the stop in its tournée, from 0. Hours as in lieux.
CREATE TABLE stops (
  fid               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  geom              geometry(Point, 4326) NOT NULL,
  dataset           text COLLATE "C" NOT NULL,
  position          integer NOT NULL,
  rang              integer NOT NULL,
  nom               text NOT NULL,
  commune           text,
  horaires          text,
  horaires_creneaux bytea,
  CONSTRAINT stop_rang_once UNIQUE (dataset, position, rang),
  CONSTRAINT stop_of_a_tournee FOREIGN KEY (dataset, position) REFERENCES tournees (dataset, position) ON DELETE CASCADE,
  CONSTRAINT stop_creneaux_of_four_weeks CHECK (horaires_creneaux IS NULL OR octet_length(horaires_creneaux) = 336)
);

-- One row is the value of one variable of the indice de fragilité numérique in one
-- commune, in the unit of the variable. A missing value has no row.
CREATE TABLE ifn_variables (
  fid      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset  text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  commune  text COLLATE "C" NOT NULL,
  nom      text COLLATE "C" NOT NULL,
  valeur   double precision NOT NULL,
  CONSTRAINT variable_position_once UNIQUE (dataset, position),
  CONSTRAINT variable_once_per_commune UNIQUE (dataset, commune, nom)
);

-- One row is one OpenStreetMap way. tags is a JSON object. nodes are the ids of the
-- nodes, one per point of geom: zigzag varints, each the difference to the one
-- before (the first to 0).
CREATE TABLE roads (
  fid      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  geom     geometry(LineString, 4326),
  dataset  text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  osm_id   bigint NOT NULL,
  highway  text,
  tags     json NOT NULL,
  nodes    bytea NOT NULL,
  CONSTRAINT road_position_once UNIQUE (dataset, position)
);

CREATE INDEX communes_geom ON communes USING gist (geom);
CREATE INDEX epci_geom ON epci USING gist (geom);
CREATE INDEX lieux_geom ON lieux USING gist (geom);
CREATE INDEX tournees_geom ON tournees USING gist (geom);
CREATE INDEX stops_geom ON stops USING gist (geom);
CREATE INDEX roads_geom ON roads USING gist (geom);

COMMENT ON TABLE datasets IS 'Jeux de données importés. Une ligne par import : fichiers, producteur, licence, millésime.';
COMMENT ON TABLE communes IS 'Communes. Communes, population municipale et contour.';
COMMENT ON TABLE epci IS 'EPCI. Établissements publics de coopération intercommunale.';
COMMENT ON TABLE secteurs IS 'Secteurs. Secteurs nommés : ensembles de communes.';
COMMENT ON TABLE lieux IS 'Lieux de médiation. Lieux de médiation numérique (schéma national v1.0.2).';
COMMENT ON TABLE tournees IS 'Tournées. Services itinérants ; le point est le dépôt.';
COMMENT ON TABLE stops IS 'Arrêts des tournées. Arrêts des services itinérants.';
COMMENT ON TABLE ifn_variables IS 'Variables de l’IFN. Variables de l’indice de fragilité numérique, par commune.';
COMMENT ON TABLE roads IS 'Routes. Tronçons d’OpenStreetMap.';
COMMENT ON COLUMN datasets.kind IS 'Nature des lignes';
COMMENT ON COLUMN datasets.dataset IS 'Jeu de données';
COMMENT ON COLUMN datasets.row_count IS 'Lignes retenues';
COMMENT ON COLUMN datasets.format IS 'Format lu';
COMMENT ON COLUMN datasets.source IS 'Producteur';
COMMENT ON COLUMN datasets.licence IS 'Licence';
COMMENT ON COLUMN datasets.vintage IS 'Millésime';
COMMENT ON COLUMN datasets.modelled IS 'Donnée modélisée : comment';
COMMENT ON COLUMN datasets.files IS 'Fichiers (JSON)';
COMMENT ON COLUMN datasets.imported_at IS 'Importé le (UTC)';
COMMENT ON COLUMN communes.dataset IS 'Jeu de données';
COMMENT ON COLUMN communes.position IS 'Rang dans le jeu';
COMMENT ON COLUMN communes.code IS 'Code commune (COG)';
COMMENT ON COLUMN communes.nom IS 'Nom';
COMMENT ON COLUMN communes.epci IS 'EPCI (SIREN)';
COMMENT ON COLUMN communes.population_habitants IS 'Population municipale (habitants)';
COMMENT ON COLUMN communes.point_lon_deg IS 'Longitude de l’étiquette (degrés)';
COMMENT ON COLUMN communes.point_lat_deg IS 'Latitude de l’étiquette (degrés)';
COMMENT ON COLUMN epci.dataset IS 'Jeu de données';
COMMENT ON COLUMN epci.position IS 'Rang dans le jeu';
COMMENT ON COLUMN epci.code IS 'SIREN';
COMMENT ON COLUMN epci.nom IS 'Nom';
COMMENT ON COLUMN secteurs.dataset IS 'Jeu de données';
COMMENT ON COLUMN secteurs.position IS 'Rang dans le jeu';
COMMENT ON COLUMN secteurs.code IS 'Code';
COMMENT ON COLUMN secteurs.nom IS 'Nom';
COMMENT ON COLUMN secteurs.communes IS 'Codes des communes (JSON)';
COMMENT ON COLUMN lieux.dataset IS 'Jeu de données';
COMMENT ON COLUMN lieux.position IS 'Rang dans le jeu';
COMMENT ON COLUMN lieux.id IS 'Identifiant';
COMMENT ON COLUMN lieux.nom IS 'Nom';
COMMENT ON COLUMN lieux.commune IS 'Code commune (COG)';
COMMENT ON COLUMN lieux.commune_nom IS 'Commune';
COMMENT ON COLUMN lieux.code_postal IS 'Code postal';
COMMENT ON COLUMN lieux.adresse IS 'Adresse';
COMMENT ON COLUMN lieux.typologie IS 'Typologie';
COMMENT ON COLUMN lieux.services IS 'Services';
COMMENT ON COLUMN lieux.horaires IS 'Horaires publiés';
COMMENT ON COLUMN lieux.horaires_creneaux IS 'Quarts d’heure ouverts sur 4 semaines ; vide : horaires inconnus';
COMMENT ON COLUMN lieux.itinerant IS 'Itinérant';
COMMENT ON COLUMN lieux.sans_public IS 'N’accueille pas de public';
COMMENT ON COLUMN lieux.source IS 'Source';
COMMENT ON COLUMN lieux.mis_a_jour IS 'Mis à jour le';
COMMENT ON COLUMN lieux.site_web IS 'Site web';
COMMENT ON COLUMN lieux.frais IS 'Frais';
COMMENT ON COLUMN lieux.dispositif IS 'Dispositif';
COMMENT ON COLUMN tournees.dataset IS 'Jeu de données';
COMMENT ON COLUMN tournees.position IS 'Rang dans le jeu';
COMMENT ON COLUMN tournees.id IS 'Identifiant';
COMMENT ON COLUMN tournees.nom IS 'Nom';
COMMENT ON COLUMN tournees.lieu_id IS 'Lieu desservi (identifiant)';
COMMENT ON COLUMN tournees.services IS 'Services';
COMMENT ON COLUMN stops.dataset IS 'Jeu de données';
COMMENT ON COLUMN stops.position IS 'Rang de la tournée dans le jeu';
COMMENT ON COLUMN stops.rang IS 'Rang de l’arrêt dans la tournée';
COMMENT ON COLUMN stops.nom IS 'Nom';
COMMENT ON COLUMN stops.commune IS 'Code commune (COG)';
COMMENT ON COLUMN stops.horaires IS 'Horaires publiés';
COMMENT ON COLUMN stops.horaires_creneaux IS 'Quarts d’heure ouverts sur 4 semaines ; vide : horaires inconnus';
COMMENT ON COLUMN ifn_variables.dataset IS 'Jeu de données';
COMMENT ON COLUMN ifn_variables.position IS 'Rang dans le jeu';
COMMENT ON COLUMN ifn_variables.commune IS 'Code commune (COG)';
COMMENT ON COLUMN ifn_variables.nom IS 'Variable';
COMMENT ON COLUMN ifn_variables.valeur IS 'Valeur (unité de la variable)';
COMMENT ON COLUMN roads.dataset IS 'Jeu de données';
COMMENT ON COLUMN roads.position IS 'Rang dans le jeu';
COMMENT ON COLUMN roads.osm_id IS 'Identifiant OpenStreetMap';
COMMENT ON COLUMN roads.highway IS 'Catégorie (highway)';
COMMENT ON COLUMN roads.tags IS 'Attributs OpenStreetMap (JSON)';
COMMENT ON COLUMN roads.nodes IS 'Nœuds OpenStreetMap';
