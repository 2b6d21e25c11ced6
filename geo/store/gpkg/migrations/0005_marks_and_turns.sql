-- What the nodes of a way say, and the turns that are forbidden from it. marks is a
-- JSON array of {node: position in the way, from 0; tags}, turns one of {via: node;
-- to: way; tags}: ids of OpenStreetMap. NULL when there is none.
ALTER TABLE roads ADD COLUMN marks TEXT;
ALTER TABLE roads ADD COLUMN turns TEXT;

INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES
  ('roads', 'marks', 'Attributs des nœuds (JSON)', 'Attributs des nœuds (JSON)'),
  ('roads', 'turns', 'Interdictions de tourner (JSON)', 'Interdictions de tourner (JSON)');
