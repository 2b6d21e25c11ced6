-- The options of an import that its rows depend on: a JSON object, by name. NULL: none.
ALTER TABLE datasets ADD COLUMN options json;

COMMENT ON COLUMN datasets.options IS 'Options de l’import (JSON)';
