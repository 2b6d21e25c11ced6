-- The people of a whole EPCI, as its publisher says. NULL: it does not.
ALTER TABLE epci ADD COLUMN population_habitants integer CHECK (population_habitants > 0);

COMMENT ON COLUMN epci.population_habitants IS 'Population de tout l’EPCI (habitants)';
