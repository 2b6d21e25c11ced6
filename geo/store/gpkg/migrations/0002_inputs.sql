-- What was imported. Every row of an input belongs to a dataset (one import) and
-- has a position in it, from 0; readers go by (dataset, position). NULL is unknown
-- or none. Geometries are GeoPackage blobs in EPSG:4326; each column geom gets its
-- R-tree from the program, after the migrations.

-- One row is one dataset: a manifest. files is a JSON array of {name, sha256, bytes}.
CREATE TABLE datasets (
  fid         INTEGER  PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind        TEXT     NOT NULL,
  dataset     TEXT     NOT NULL,
  row_count   INTEGER  NOT NULL,
  format      TEXT     NOT NULL,
  source      TEXT     NOT NULL,
  licence     TEXT,
  vintage     TEXT,
  modelled    TEXT,
  files       TEXT     NOT NULL,
  imported_at DATETIME NOT NULL,
  CONSTRAINT dataset_once_per_kind UNIQUE (kind, dataset),
  CONSTRAINT dataset_is_named CHECK (dataset <> ''),
  CONSTRAINT dataset_rows_not_negative CHECK (row_count >= 0)
);

-- One row is one commune. point is a place inside, for its label.
CREATE TABLE communes (
  fid                   INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom                  MULTIPOLYGON,
  dataset               TEXT    NOT NULL,
  position              INTEGER NOT NULL,
  code                  TEXT    NOT NULL,
  nom                   TEXT    NOT NULL,
  epci                  TEXT,
  population_habitants  INTEGER NOT NULL,
  point_lon_deg         REAL    NOT NULL,
  point_lat_deg         REAL    NOT NULL,
  CONSTRAINT commune_position_once UNIQUE (dataset, position),
  CONSTRAINT commune_code_once UNIQUE (dataset, code),
  CONSTRAINT commune_population_not_negative CHECK (population_habitants >= 0)
);

-- One row is one EPCI; code is its SIREN.
CREATE TABLE epci (
  fid      INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom     MULTIPOLYGON,
  dataset  TEXT    NOT NULL,
  position INTEGER NOT NULL,
  code     TEXT    NOT NULL,
  nom      TEXT    NOT NULL,
  CONSTRAINT epci_position_once UNIQUE (dataset, position),
  CONSTRAINT epci_code_once UNIQUE (dataset, code)
);

-- One row is one secteur; communes is a JSON array of COG codes.
CREATE TABLE secteurs (
  fid      INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  dataset  TEXT    NOT NULL,
  position INTEGER NOT NULL,
  code     TEXT    NOT NULL,
  nom      TEXT    NOT NULL,
  communes TEXT    NOT NULL,
  CONSTRAINT secteur_position_once UNIQUE (dataset, position),
  CONSTRAINT secteur_code_once UNIQUE (dataset, code)
);

-- One row is one lieu; geom is NULL when the source gives no usable position.
-- services: slugs joined by '|'. horaires_creneaux: the set of open quarter hours
-- over the 4-week cycle, 42 little-endian 64-bit words, slot 0 (Monday 00:00 of
-- week 1) in the lowest bit of the first; NULL when the hours are unknown, which
-- is not the same as never open (all zero).
CREATE TABLE lieux (
  fid               INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom              POINT,
  dataset           TEXT    NOT NULL,
  position          INTEGER NOT NULL,
  id                TEXT    NOT NULL,
  nom               TEXT    NOT NULL,
  commune           TEXT,
  commune_nom       TEXT,
  code_postal       TEXT,
  adresse           TEXT,
  typologie         TEXT,
  services          TEXT,
  horaires          TEXT,
  horaires_creneaux BLOB,
  itinerant         BOOLEAN NOT NULL,
  sans_public       BOOLEAN NOT NULL,
  source            TEXT,
  mis_a_jour        DATE,
  site_web          TEXT,
  frais             TEXT,
  dispositif        TEXT,
  CONSTRAINT lieu_position_once UNIQUE (dataset, position),
  CONSTRAINT lieu_id_once UNIQUE (dataset, id),
  CONSTRAINT lieu_creneaux_of_four_weeks CHECK (horaires_creneaux IS NULL OR length(horaires_creneaux) = 336)
);

-- One row is one tournée; geom is its depot, NULL when it has none.
CREATE TABLE tournees (
  fid      INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom     POINT,
  dataset  TEXT    NOT NULL,
  position INTEGER NOT NULL,
  id       TEXT    NOT NULL,
  nom      TEXT,
  lieu_id  TEXT,
  services TEXT,
  CONSTRAINT tournee_position_once UNIQUE (dataset, position),
  CONSTRAINT tournee_id_once UNIQUE (dataset, id)
);

-- One row is one stop of a tournée: that of the same dataset and position. rang is
-- the order of the stop in its tournée, from 0. Hours as in lieux.
CREATE TABLE stops (
  fid               INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom              POINT   NOT NULL,
  dataset           TEXT    NOT NULL,
  position          INTEGER NOT NULL,
  rang              INTEGER NOT NULL,
  nom               TEXT    NOT NULL,
  commune           TEXT,
  horaires          TEXT,
  horaires_creneaux BLOB,
  CONSTRAINT stop_rang_once UNIQUE (dataset, position, rang),
  CONSTRAINT stop_of_a_tournee FOREIGN KEY (dataset, position) REFERENCES tournees (dataset, position) ON DELETE CASCADE,
  CONSTRAINT stop_creneaux_of_four_weeks CHECK (horaires_creneaux IS NULL OR length(horaires_creneaux) = 336)
);

-- One row is the value of one variable of the indice de fragilité numérique in one
-- commune, in the unit of the variable. A missing value has no row.
CREATE TABLE ifn_variables (
  fid      INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  dataset  TEXT    NOT NULL,
  position INTEGER NOT NULL,
  commune  TEXT    NOT NULL,
  nom      TEXT    NOT NULL,
  valeur   REAL    NOT NULL,
  CONSTRAINT variable_position_once UNIQUE (dataset, position),
  CONSTRAINT variable_once_per_commune UNIQUE (dataset, commune, nom)
);

-- One row is one OpenStreetMap way. tags is a JSON object. nodes are the ids of the
-- nodes, one per point of geom: zigzag varints, each the difference to the one
-- before (the first to 0).
CREATE TABLE roads (
  fid      INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom     LINESTRING,
  dataset  TEXT    NOT NULL,
  position INTEGER NOT NULL,
  osm_id   INTEGER NOT NULL,
  highway  TEXT,
  tags     TEXT    NOT NULL,
  nodes    BLOB    NOT NULL,
  CONSTRAINT road_position_once UNIQUE (dataset, position)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('datasets',      'attributes', 'Jeux de données importés', 'Une ligne par import : fichiers, producteur, licence, millésime', NULL),
  ('communes',      'features',   'Communes',                 'Communes, population municipale et contour', 4326),
  ('epci',          'features',   'EPCI',                     'Établissements publics de coopération intercommunale', 4326),
  ('secteurs',      'attributes', 'Secteurs',                 'Secteurs nommés : ensembles de communes', NULL),
  ('lieux',         'features',   'Lieux de médiation',       'Lieux de médiation numérique (schéma national v1.0.2)', 4326),
  ('tournees',      'features',   'Tournées',                 'Services itinérants ; le point est le dépôt', 4326),
  ('stops',         'features',   'Arrêts des tournées',      'Arrêts des services itinérants', 4326),
  ('ifn_variables', 'attributes', 'Variables de l’IFN',       'Variables de l’indice de fragilité numérique, par commune', NULL),
  ('roads',         'features',   'Routes',                   'Tronçons d’OpenStreetMap', 4326);

INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) VALUES
  ('communes', 'geom', 'MULTIPOLYGON', 4326, 0, 0),
  ('epci',     'geom', 'MULTIPOLYGON', 4326, 0, 0),
  ('lieux',    'geom', 'POINT',        4326, 0, 0),
  ('tournees', 'geom', 'POINT',        4326, 0, 0),
  ('stops',    'geom', 'POINT',        4326, 0, 0),
  ('roads',    'geom', 'LINESTRING',   4326, 0, 0);

INSERT INTO gpkg_data_columns (table_name, column_name, title) VALUES
  ('datasets', 'kind', 'Nature des lignes'),
  ('datasets', 'dataset', 'Jeu de données'),
  ('datasets', 'row_count', 'Lignes retenues'),
  ('datasets', 'format', 'Format lu'),
  ('datasets', 'source', 'Producteur'),
  ('datasets', 'licence', 'Licence'),
  ('datasets', 'vintage', 'Millésime'),
  ('datasets', 'modelled', 'Donnée modélisée : comment'),
  ('datasets', 'files', 'Fichiers (JSON)'),
  ('datasets', 'imported_at', 'Importé le (UTC)'),
  ('communes', 'dataset', 'Jeu de données'),
  ('communes', 'position', 'Rang dans le jeu'),
  ('communes', 'code', 'Code commune (COG)'),
  ('communes', 'nom', 'Nom'),
  ('communes', 'epci', 'EPCI (SIREN)'),
  ('communes', 'population_habitants', 'Population municipale (habitants)'),
  ('communes', 'point_lon_deg', 'Longitude de l’étiquette (degrés)'),
  ('communes', 'point_lat_deg', 'Latitude de l’étiquette (degrés)'),
  ('epci', 'dataset', 'Jeu de données'),
  ('epci', 'position', 'Rang dans le jeu'),
  ('epci', 'code', 'SIREN'),
  ('epci', 'nom', 'Nom'),
  ('secteurs', 'dataset', 'Jeu de données'),
  ('secteurs', 'position', 'Rang dans le jeu'),
  ('secteurs', 'code', 'Code'),
  ('secteurs', 'nom', 'Nom'),
  ('secteurs', 'communes', 'Codes des communes (JSON)'),
  ('lieux', 'dataset', 'Jeu de données'),
  ('lieux', 'position', 'Rang dans le jeu'),
  ('lieux', 'id', 'Identifiant'),
  ('lieux', 'nom', 'Nom'),
  ('lieux', 'commune', 'Code commune (COG)'),
  ('lieux', 'commune_nom', 'Commune'),
  ('lieux', 'code_postal', 'Code postal'),
  ('lieux', 'adresse', 'Adresse'),
  ('lieux', 'typologie', 'Typologie'),
  ('lieux', 'services', 'Services'),
  ('lieux', 'horaires', 'Horaires publiés'),
  ('lieux', 'horaires_creneaux', 'Quarts d’heure ouverts sur 4 semaines ; vide : horaires inconnus'),
  ('lieux', 'itinerant', 'Itinérant'),
  ('lieux', 'sans_public', 'N’accueille pas de public'),
  ('lieux', 'source', 'Source'),
  ('lieux', 'mis_a_jour', 'Mis à jour le'),
  ('lieux', 'site_web', 'Site web'),
  ('lieux', 'frais', 'Frais'),
  ('lieux', 'dispositif', 'Dispositif'),
  ('tournees', 'dataset', 'Jeu de données'),
  ('tournees', 'position', 'Rang dans le jeu'),
  ('tournees', 'id', 'Identifiant'),
  ('tournees', 'nom', 'Nom'),
  ('tournees', 'lieu_id', 'Lieu desservi (identifiant)'),
  ('tournees', 'services', 'Services'),
  ('stops', 'dataset', 'Jeu de données'),
  ('stops', 'position', 'Rang de la tournée dans le jeu'),
  ('stops', 'rang', 'Rang de l’arrêt dans la tournée'),
  ('stops', 'nom', 'Nom'),
  ('stops', 'commune', 'Code commune (COG)'),
  ('stops', 'horaires', 'Horaires publiés'),
  ('stops', 'horaires_creneaux', 'Quarts d’heure ouverts sur 4 semaines ; vide : horaires inconnus'),
  ('ifn_variables', 'dataset', 'Jeu de données'),
  ('ifn_variables', 'position', 'Rang dans le jeu'),
  ('ifn_variables', 'commune', 'Code commune (COG)'),
  ('ifn_variables', 'nom', 'Variable'),
  ('ifn_variables', 'valeur', 'Valeur (unité de la variable)'),
  ('roads', 'dataset', 'Jeu de données'),
  ('roads', 'position', 'Rang dans le jeu'),
  ('roads', 'osm_id', 'Identifiant OpenStreetMap'),
  ('roads', 'highway', 'Catégorie (highway)'),
  ('roads', 'tags', 'Attributs OpenStreetMap (JSON)'),
  ('roads', 'nodes', 'Nœuds OpenStreetMap');
