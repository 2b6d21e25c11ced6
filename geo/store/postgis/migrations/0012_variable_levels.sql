-- A value keeps the level it was published at: IRIS, commune, EPCI, département. Those that
-- were stored before are of communes.
ALTER TABLE ifn_variables RENAME COLUMN commune TO code;

ALTER TABLE ifn_variables ADD COLUMN niveau text COLLATE "C" NOT NULL DEFAULT 'commune';

ALTER TABLE ifn_variables ALTER COLUMN niveau DROP DEFAULT;

ALTER TABLE ifn_variables DROP CONSTRAINT variable_once_per_commune;

ALTER TABLE ifn_variables ADD CONSTRAINT variable_once_per_unit UNIQUE (dataset, niveau, code, nom);

COMMENT ON TABLE ifn_variables IS 'Variables de l’IFN. Variables de l’indice de fragilité numérique, au niveau où elles sont publiées.';
COMMENT ON COLUMN ifn_variables.niveau IS 'Niveau : iris, commune, epci ou departement';
COMMENT ON COLUMN ifn_variables.code IS 'Code au niveau (IRIS, COG, SIREN, département)';
