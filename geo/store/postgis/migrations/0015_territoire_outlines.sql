-- A territoire may be drawn by an outline of its own rather than made of communes: then geom
-- is its outline, communes is [], and population_habitants what its publisher says of it
-- (NULL: nothing), as of the year population_annee.
ALTER TABLE territoires ADD COLUMN geom geometry(MultiPolygon, 4326);

ALTER TABLE territoires ADD COLUMN population_habitants integer CHECK (population_habitants > 0);

ALTER TABLE territoires ADD COLUMN population_annee text;

CREATE INDEX territoires_geom ON territoires USING gist (geom);

COMMENT ON TABLE territoires IS 'Territoires. Ensembles de communes (cantons, bassins de vie…) et contours (quartiers, PETR…).';
COMMENT ON COLUMN territoires.population_habitants IS 'Population publiée (habitants)';
COMMENT ON COLUMN territoires.population_annee IS 'Année de la population publiée';
