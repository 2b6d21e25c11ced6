-- The population grid. One row is one square of it: EPSG:3035 (LAEA Europe), its
-- south-west corner and its side in metres, and its inhabitants as published, not
-- always whole.
CREATE TABLE population_carreaux (
  fid       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset   text COLLATE "C" NOT NULL,
  position  integer NOT NULL,
  id        text COLLATE "C" NOT NULL,
  ouest_m   double precision NOT NULL,
  sud_m     double precision NOT NULL,
  cote_m    double precision NOT NULL,
  habitants double precision NOT NULL,
  CONSTRAINT square_position_once UNIQUE (dataset, position),
  CONSTRAINT square_once UNIQUE (dataset, id),
  CONSTRAINT square_has_a_side CHECK (cote_m > 0),
  CONSTRAINT square_people_not_negative CHECK (habitants >= 0)
);

COMMENT ON TABLE population_carreaux IS 'Population au carreau. Carreaux de population de l’INSEE (EPSG:3035).';
COMMENT ON COLUMN population_carreaux.dataset IS 'Jeu de données';
COMMENT ON COLUMN population_carreaux.position IS 'Rang dans le jeu';
COMMENT ON COLUMN population_carreaux.id IS 'Identifiant INSPIRE du carreau';
COMMENT ON COLUMN population_carreaux.ouest_m IS 'Bord ouest (m, EPSG:3035)';
COMMENT ON COLUMN population_carreaux.sud_m IS 'Bord sud (m, EPSG:3035)';
COMMENT ON COLUMN population_carreaux.cote_m IS 'Côté (m)';
COMMENT ON COLUMN population_carreaux.habitants IS 'Habitants';
