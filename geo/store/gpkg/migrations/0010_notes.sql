-- What a dataset lacks, or is to be known of it, in a sentence that is shown.
ALTER TABLE datasets ADD COLUMN note TEXT;

INSERT INTO gpkg_data_columns (table_name, column_name, title) VALUES
  ('datasets', 'note', 'Remarque : ce qui manque aux données');
