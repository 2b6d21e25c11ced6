-- One row is one equipement of a category (emergency departments, doctors, public services…);
-- geom is NULL when only its commune is known.
CREATE TABLE equipements (
  fid       INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom      POINT,
  dataset   TEXT    NOT NULL,
  position  INTEGER NOT NULL,
  id        TEXT    NOT NULL,
  categorie TEXT    NOT NULL,
  nom       TEXT,
  commune   TEXT,
  placement TEXT    NOT NULL,
  CONSTRAINT equipement_position_once UNIQUE (dataset, position),
  CONSTRAINT equipement_id_once UNIQUE (dataset, categorie, id)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('equipements', 'features', 'Équipements', 'Urgences, médecins, services publics : on en donne le plus proche', 4326);

INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) VALUES
  ('equipements', 'geom', 'POINT', 4326, 0, 0);

INSERT INTO gpkg_data_columns (table_name, column_name, title) VALUES
  ('equipements', 'dataset', 'Jeu de données'),
  ('equipements', 'position', 'Rang dans le jeu'),
  ('equipements', 'id', 'Identifiant'),
  ('equipements', 'categorie', 'Catégorie'),
  ('equipements', 'nom', 'Nom'),
  ('equipements', 'commune', 'Code commune (COG)'),
  ('equipements', 'placement', 'Placé d’après : coordonnées, adresse ou commune');
