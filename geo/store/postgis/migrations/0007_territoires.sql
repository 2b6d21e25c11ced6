-- Sets of communes of any type. One row is one of them (a canton, a bassin de vie…);
-- communes is a JSON array of COG codes.
CREATE TABLE territoires (
  fid      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dataset  text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  type     text COLLATE "C" NOT NULL,
  code     text COLLATE "C" NOT NULL,
  nom      text NOT NULL,
  communes json NOT NULL,
  CONSTRAINT territoire_position_once UNIQUE (dataset, position),
  CONSTRAINT territoire_code_once UNIQUE (dataset, type, code)
);

COMMENT ON TABLE territoires IS 'Territoires. Ensembles de communes : cantons, arrondissements, bassins de vie….';
COMMENT ON COLUMN territoires.dataset IS 'Jeu de données';
COMMENT ON COLUMN territoires.position IS 'Rang dans le jeu';
COMMENT ON COLUMN territoires.type IS 'Type';
COMMENT ON COLUMN territoires.code IS 'Code';
COMMENT ON COLUMN territoires.nom IS 'Nom';
COMMENT ON COLUMN territoires.communes IS 'Codes des communes (JSON)';
