-- What people or the program write beside the data. One row is one document: a saved
-- scenario, the record of an edition, the hash of a token…
CREATE TABLE documents (
  fid        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind       text COLLATE "C" NOT NULL,
  id         text COLLATE "C" NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  bytes      bytea NOT NULL,
  CONSTRAINT document_once UNIQUE (kind, id),
  CONSTRAINT document_is_named CHECK (kind <> '' AND id <> ''),
  CONSTRAINT document_at_most_4_mib CHECK (length(bytes) <= 4194304)
);

-- One row is how often one page was looked at in one day (UTC). Nothing tells by whom.
CREATE TABLE visits (
  fid    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day    date   NOT NULL,
  page   text COLLATE "C" NOT NULL,
  visits bigint NOT NULL,
  CONSTRAINT visits_once UNIQUE (day, page),
  CONSTRAINT visits_not_negative CHECK (visits >= 0)
);

-- Counting a visit is all that a role which only reads may write: a server of the map
-- needs no more. Whoever may use the schema may call it.
CREATE FUNCTION add_visits(on_day date, of_page text, more bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = maillage, pg_temp AS $$
  INSERT INTO visits (day, page, visits) VALUES (on_day, of_page, more)
  ON CONFLICT (day, page) DO UPDATE SET visits = visits.visits + excluded.visits
$$;

COMMENT ON TABLE documents IS 'Documents. Scénarios enregistrés, jetons, indicateurs des éditions.';
COMMENT ON COLUMN documents.kind IS 'Genre';
COMMENT ON COLUMN documents.id IS 'Identifiant';
COMMENT ON COLUMN documents.updated_at IS 'Écrit le';
COMMENT ON COLUMN documents.bytes IS 'Contenu';
COMMENT ON TABLE visits IS 'Visites. Visites par jour et par page, sans rien des personnes.';
COMMENT ON COLUMN visits.day IS 'Jour (UTC)';
COMMENT ON COLUMN visits.page IS 'Page';
COMMENT ON COLUMN visits.visits IS 'Visites';
