-- What was computed.

-- One row is one edition. turn orders them: the highest is the newest.
CREATE TABLE editions (
  fid        INTEGER  PRIMARY KEY AUTOINCREMENT NOT NULL,
  id         TEXT     NOT NULL,
  created_at DATETIME NOT NULL,
  turn       INTEGER  NOT NULL,
  size_bytes INTEGER  NOT NULL,
  sha256     TEXT     NOT NULL,
  CONSTRAINT edition_id_once UNIQUE (id),
  CONSTRAINT edition_is_named CHECK (id <> ''),
  CONSTRAINT edition_turn_once UNIQUE (turn),
  CONSTRAINT edition_size_not_negative CHECK (size_bytes >= 0)
);

-- One row is one piece, of at most 16 MiB, of the bytes of an edition, in the
-- order of part, from 0.
CREATE TABLE edition_parts (
  fid     INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  edition INTEGER NOT NULL,
  part    INTEGER NOT NULL,
  bytes   BLOB    NOT NULL,
  CONSTRAINT part_once UNIQUE (edition, part),
  CONSTRAINT part_of_an_edition FOREIGN KEY (edition) REFERENCES editions (fid) ON DELETE CASCADE,
  CONSTRAINT part_at_most_16_mib CHECK (length(bytes) BETWEEN 1 AND 16777216)
);

-- One row is one table of results, "resultat_" and the name of its layer, made
-- from the newest edition.
CREATE TABLE result_layers (
  fid        INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  table_name TEXT    NOT NULL,
  edition    INTEGER NOT NULL,
  CONSTRAINT result_layer_once UNIQUE (table_name),
  CONSTRAINT result_layer_of_an_edition FOREIGN KEY (edition) REFERENCES editions (fid),
  CONSTRAINT result_layer_is_prefixed CHECK (table_name GLOB 'resultat_?*')
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('editions',      'attributes', 'Éditions',             'Une ligne par calcul conservé'),
  ('edition_parts', 'attributes', 'Contenu des éditions', 'Octets des éditions, par morceaux ; sans usage dans un SIG'),
  ('result_layers', 'attributes', 'Tables de résultats',  'Tables « resultat_… » et l’édition dont elles viennent');

INSERT INTO gpkg_data_columns (table_name, column_name, title) VALUES
  ('editions', 'id', 'Édition'),
  ('editions', 'created_at', 'Conservée le (UTC)'),
  ('editions', 'turn', 'Ordre ; la plus grande est la dernière'),
  ('editions', 'size_bytes', 'Taille (octets)'),
  ('editions', 'sha256', 'Empreinte SHA-256');

-- Some programs show name, others title. A name may be given once in a table.
UPDATE gpkg_data_columns SET name = title;
