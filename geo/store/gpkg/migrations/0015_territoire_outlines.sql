-- A territoire may be drawn by an outline of its own rather than made of communes: then geom
-- is its outline, communes is [], and population_habitants what its publisher says of it
-- (NULL: nothing), as of the year population_annee.
ALTER TABLE territoires ADD COLUMN geom MULTIPOLYGON;

ALTER TABLE territoires ADD COLUMN population_habitants INTEGER CHECK (population_habitants > 0);

ALTER TABLE territoires ADD COLUMN population_annee TEXT;

UPDATE gpkg_contents SET data_type = 'features', srs_id = 4326, description = 'Ensembles de communes (cantons, bassins de vie…) et contours (quartiers, PETR…)' WHERE table_name = 'territoires';

INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) VALUES
  ('territoires', 'geom', 'MULTIPOLYGON', 4326, 0, 0);

INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES
  ('territoires', 'population_habitants', 'Population publiée (habitants)', 'Population publiée (habitants)'),
  ('territoires', 'population_annee', 'Année de la population publiée', 'Année de la population publiée');
