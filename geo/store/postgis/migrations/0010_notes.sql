-- What a dataset lacks, or is to be known of it, in a sentence that is shown.
ALTER TABLE datasets ADD COLUMN note text;

COMMENT ON COLUMN datasets.note IS 'Remarque : ce qui manque aux données';
