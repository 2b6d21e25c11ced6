-- What the nodes of a way say, and the turns that are forbidden from it. marks is a
-- JSON array of {node: position in the way, from 0; tags}, turns one of {via: node;
-- to: way; tags}: ids of OpenStreetMap. NULL when there is none.
ALTER TABLE roads ADD COLUMN marks json, ADD COLUMN turns json;

COMMENT ON COLUMN roads.marks IS 'Attributs des nœuds (JSON)';
COMMENT ON COLUMN roads.turns IS 'Interdictions de tourner (JSON)';
