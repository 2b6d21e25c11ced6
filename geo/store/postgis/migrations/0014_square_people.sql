-- Who lives in a square, as published, not always whole. NULL: the file does not say.
-- impute is 1 where INSEE imputed the figures, so that those of few households are not
-- given away.
ALTER TABLE population_carreaux
  ADD COLUMN impute smallint CHECK (impute IN (0, 1)),
  ADD COLUMN menages double precision CHECK (menages >= 0),
  ADD COLUMN personnes_seules double precision CHECK (personnes_seules >= 0),
  ADD COLUMN menages_pauvres double precision CHECK (menages_pauvres >= 0),
  ADD COLUMN moins_de_18_ans double precision CHECK (moins_de_18_ans >= 0),
  ADD COLUMN de_65_a_79_ans double precision CHECK (de_65_a_79_ans >= 0),
  ADD COLUMN de_80_ans_et_plus double precision CHECK (de_80_ans_et_plus >= 0);

COMMENT ON COLUMN population_carreaux.impute IS 'Chiffres imputés par l’INSEE (1 : oui, 0 : non)';
COMMENT ON COLUMN population_carreaux.menages IS 'Ménages';
COMMENT ON COLUMN population_carreaux.personnes_seules IS 'Personnes vivant seules';
COMMENT ON COLUMN population_carreaux.menages_pauvres IS 'Ménages pauvres';
COMMENT ON COLUMN population_carreaux.moins_de_18_ans IS 'Moins de 18 ans';
COMMENT ON COLUMN population_carreaux.de_65_a_79_ans IS 'De 65 à 79 ans';
COMMENT ON COLUMN population_carreaux.de_80_ans_et_plus IS '80 ans et plus';
