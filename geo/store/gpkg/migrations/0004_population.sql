-- The population grid. One row is one square of it: EPSG:3035 (LAEA Europe), its
-- south-west corner and its side in metres, and its inhabitants as published, not
-- always whole.
CREATE TABLE population_carreaux (
  fid       INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  dataset   TEXT    NOT NULL,
  position  INTEGER NOT NULL,
  id        TEXT    NOT NULL,
  ouest_m   REAL    NOT NULL,
  sud_m     REAL    NOT NULL,
  cote_m    REAL    NOT NULL,
  habitants REAL    NOT NULL,
  CONSTRAINT square_position_once UNIQUE (dataset, position),
  CONSTRAINT square_once UNIQUE (dataset, id),
  CONSTRAINT square_has_a_side CHECK (cote_m > 0),
  CONSTRAINT square_people_not_negative CHECK (habitants >= 0)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('population_carreaux', 'attributes', 'Population au carreau', 'Carreaux de population de l’INSEE (EPSG:3035)', NULL);

INSERT INTO gpkg_data_columns (table_name, column_name, title) VALUES
  ('population_carreaux', 'dataset', 'Jeu de données'),
  ('population_carreaux', 'position', 'Rang dans le jeu'),
  ('population_carreaux', 'id', 'Identifiant INSPIRE du carreau'),
  ('population_carreaux', 'ouest_m', 'Bord ouest (m, EPSG:3035)'),
  ('population_carreaux', 'sud_m', 'Bord sud (m, EPSG:3035)'),
  ('population_carreaux', 'cote_m', 'Côté (m)'),
  ('population_carreaux', 'habitants', 'Habitants');
