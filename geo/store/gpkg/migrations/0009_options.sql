-- The options of an import that its rows depend on: a JSON object, by name. NULL: none.
ALTER TABLE datasets ADD COLUMN options TEXT;

INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES
  ('datasets', 'options', 'Options de l’import (JSON)', 'Options de l’import (JSON)');
