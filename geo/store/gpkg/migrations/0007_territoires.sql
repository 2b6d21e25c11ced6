-- Sets of communes of any type. One row is one of them (a canton, a bassin de vie…);
-- communes is a JSON array of COG codes.
CREATE TABLE territoires (
  fid      INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  dataset  TEXT    NOT NULL,
  position INTEGER NOT NULL,
  type     TEXT    NOT NULL,
  code     TEXT    NOT NULL,
  nom      TEXT    NOT NULL,
  communes TEXT    NOT NULL,
  CONSTRAINT territoire_position_once UNIQUE (dataset, position),
  CONSTRAINT territoire_code_once UNIQUE (dataset, type, code)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('territoires', 'attributes', 'Territoires', 'Ensembles de communes : cantons, arrondissements, bassins de vie…', NULL);

INSERT INTO gpkg_data_columns (table_name, column_name, title) VALUES
  ('territoires', 'dataset', 'Jeu de données'),
  ('territoires', 'position', 'Rang dans le jeu'),
  ('territoires', 'type', 'Type'),
  ('territoires', 'code', 'Code'),
  ('territoires', 'nom', 'Nom'),
  ('territoires', 'communes', 'Codes des communes (JSON)');
