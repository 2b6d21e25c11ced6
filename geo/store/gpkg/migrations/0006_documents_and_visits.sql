-- What people or the program write beside the data. One row is one document: a saved
-- scenario, the record of an edition, the hash of a token…
CREATE TABLE documents (
  fid        INTEGER  PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind       TEXT     NOT NULL,
  id         TEXT     NOT NULL,
  updated_at DATETIME NOT NULL,
  bytes      BLOB     NOT NULL,
  CONSTRAINT document_once UNIQUE (kind, id),
  CONSTRAINT document_is_named CHECK (kind <> '' AND id <> ''),
  CONSTRAINT document_at_most_4_mib CHECK (length(bytes) <= 4194304)
);

-- One row is how often one page was looked at in one day (UTC). Nothing tells by whom.
CREATE TABLE visits (
  fid    INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  day    TEXT    NOT NULL,
  page   TEXT    NOT NULL,
  visits INTEGER NOT NULL,
  CONSTRAINT visits_once UNIQUE (day, page),
  CONSTRAINT visits_not_negative CHECK (visits >= 0)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('documents', 'attributes', 'Documents', 'Scénarios enregistrés, jetons, indicateurs des éditions'),
  ('visits',    'attributes', 'Visites',   'Visites par jour et par page, sans rien des personnes');

INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES
  ('documents', 'kind', 'Genre', 'Genre'),
  ('documents', 'id', 'Identifiant', 'Identifiant'),
  ('documents', 'updated_at', 'Écrit le (UTC)', 'Écrit le (UTC)'),
  ('documents', 'bytes', 'Contenu', 'Contenu'),
  ('visits', 'day', 'Jour (UTC)', 'Jour (UTC)'),
  ('visits', 'page', 'Page', 'Page'),
  ('visits', 'visits', 'Visites', 'Visites');
