-- A value keeps the level it was published at: IRIS, commune, EPCI, département. Those that
-- were stored before are of communes.
CREATE TABLE ifn_variables_of_levels (
  fid      INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  dataset  TEXT    NOT NULL,
  position INTEGER NOT NULL,
  niveau   TEXT    NOT NULL,
  code     TEXT    NOT NULL,
  nom      TEXT    NOT NULL,
  valeur   REAL    NOT NULL,
  CONSTRAINT variable_position_once UNIQUE (dataset, position),
  CONSTRAINT variable_once_per_unit UNIQUE (dataset, niveau, code, nom)
);

INSERT INTO ifn_variables_of_levels (dataset, position, niveau, code, nom, valeur)
SELECT dataset, position, 'commune', commune, nom, valeur FROM ifn_variables ORDER BY dataset, position;

DROP TABLE ifn_variables;

ALTER TABLE ifn_variables_of_levels RENAME TO ifn_variables;

UPDATE gpkg_contents SET description = 'Variables de l’indice de fragilité numérique, au niveau où elles sont publiées' WHERE table_name = 'ifn_variables';

DELETE FROM gpkg_data_columns WHERE table_name = 'ifn_variables' AND column_name = 'commune';

INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES
  ('ifn_variables', 'niveau', 'Niveau : iris, commune, epci ou departement', 'Niveau : iris, commune, epci ou departement'),
  ('ifn_variables', 'code', 'Code au niveau (IRIS, COG, SIREN, département)', 'Code au niveau (IRIS, COG, SIREN, département)');
