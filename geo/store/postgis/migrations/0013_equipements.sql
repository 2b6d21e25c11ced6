-- One row is one equipement of a category (emergency departments, doctors, public services…);
-- geom is NULL when only its commune is known.
CREATE TABLE equipements (
  fid       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  geom      geometry(Point, 4326),
  dataset   text COLLATE "C" NOT NULL,
  position  integer NOT NULL,
  id        text COLLATE "C" NOT NULL,
  categorie text COLLATE "C" NOT NULL,
  nom       text,
  commune   text,
  placement text NOT NULL,
  CONSTRAINT equipement_position_once UNIQUE (dataset, position),
  CONSTRAINT equipement_id_once UNIQUE (dataset, categorie, id)
);

CREATE INDEX equipements_geom ON equipements USING gist (geom);

COMMENT ON TABLE equipements IS 'Équipements. Urgences, médecins, services publics : on en donne le plus proche.';
COMMENT ON COLUMN equipements.dataset IS 'Jeu de données';
COMMENT ON COLUMN equipements.position IS 'Rang dans le jeu';
COMMENT ON COLUMN equipements.id IS 'Identifiant';
COMMENT ON COLUMN equipements.categorie IS 'Catégorie';
COMMENT ON COLUMN equipements.nom IS 'Nom';
COMMENT ON COLUMN equipements.commune IS 'Code commune (COG)';
COMMENT ON COLUMN equipements.placement IS 'Placé d’après : coordonnées, adresse ou commune';
