-- The people of a whole EPCI, as its publisher says. NULL: it does not.
ALTER TABLE epci ADD COLUMN population_habitants INTEGER CHECK (population_habitants > 0);

INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES
  ('epci', 'population_habitants', 'Population de tout l’EPCI (habitants)', 'Population de tout l’EPCI (habitants)');
