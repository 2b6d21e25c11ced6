-- Who lives in a square, as published, not always whole. NULL: the file does not say.
-- impute is 1 where INSEE imputed the figures, so that those of few households are not
-- given away.
ALTER TABLE population_carreaux ADD COLUMN impute INTEGER CHECK (impute IN (0, 1));

ALTER TABLE population_carreaux ADD COLUMN menages REAL CHECK (menages >= 0);

ALTER TABLE population_carreaux ADD COLUMN personnes_seules REAL CHECK (personnes_seules >= 0);

ALTER TABLE population_carreaux ADD COLUMN menages_pauvres REAL CHECK (menages_pauvres >= 0);

ALTER TABLE population_carreaux ADD COLUMN moins_de_18_ans REAL CHECK (moins_de_18_ans >= 0);

ALTER TABLE population_carreaux ADD COLUMN de_65_a_79_ans REAL CHECK (de_65_a_79_ans >= 0);

ALTER TABLE population_carreaux ADD COLUMN de_80_ans_et_plus REAL CHECK (de_80_ans_et_plus >= 0);

INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES
  ('population_carreaux', 'impute', 'Chiffres imputés par l’INSEE (1 : oui, 0 : non)', 'Chiffres imputés par l’INSEE (1 : oui, 0 : non)'),
  ('population_carreaux', 'menages', 'Ménages', 'Ménages'),
  ('population_carreaux', 'personnes_seules', 'Personnes vivant seules', 'Personnes vivant seules'),
  ('population_carreaux', 'menages_pauvres', 'Ménages pauvres', 'Ménages pauvres'),
  ('population_carreaux', 'moins_de_18_ans', 'Moins de 18 ans', 'Moins de 18 ans'),
  ('population_carreaux', 'de_65_a_79_ans', 'De 65 à 79 ans', 'De 65 à 79 ans'),
  ('population_carreaux', 'de_80_ans_et_plus', '80 ans et plus', '80 ans et plus');
