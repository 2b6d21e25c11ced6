-- One row is one edition. turn orders them: the highest is the newest.
CREATE TABLE editions (
  fid        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id         text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  turn       bigint NOT NULL,
  size_bytes bigint NOT NULL,
  sha256     text NOT NULL,
  CONSTRAINT edition_id_once UNIQUE (id),
  CONSTRAINT edition_is_named CHECK (id <> ''),
  CONSTRAINT edition_turn_once UNIQUE (turn),
  CONSTRAINT edition_size_not_negative CHECK (size_bytes >= 0)
);

-- One row is one piece, of at most 1 MiB, of the bytes of an edition, in the
-- order of part, from 0.
CREATE TABLE edition_parts (
  fid     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  edition bigint NOT NULL,
  part    integer NOT NULL,
  bytes   bytea NOT NULL,
  CONSTRAINT part_once UNIQUE (edition, part),
  CONSTRAINT part_of_an_edition FOREIGN KEY (edition) REFERENCES editions (fid) ON DELETE CASCADE,
  CONSTRAINT part_at_most_1_mib CHECK (octet_length(bytes) BETWEEN 1 AND 1048576)
);

-- One row is one table of results, "resultat_" and the name of its layer, made
-- from the newest edition.
CREATE TABLE result_layers (
  fid        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_name text NOT NULL,
  edition    bigint NOT NULL,
  CONSTRAINT result_layer_once UNIQUE (table_name),
  CONSTRAINT result_layer_of_an_edition FOREIGN KEY (edition) REFERENCES editions (fid),
  CONSTRAINT result_layer_is_prefixed CHECK (table_name ~ '^resultat_.')
);

-- Editions are compressed already.
ALTER TABLE edition_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The tables of results come and go with editions, with columns that the program
-- names. A role that writes editions does not need the right to create tables for it:
-- the two functions below run as the owner of the schema, and make and drop tables
-- with the names of results only.

-- open_layer makes the empty table "attente_" and the name of the layer. columns is an
-- array of {name, type, title}. The caller fills the table.
CREATE FUNCTION open_layer(layer text, kind text, title text, columns jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  postgis    text := (SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'postgis');
  definition text := '';
  c          jsonb;
BEGIN
  IF layer !~ '^[a-z][a-z0-9_]{0,39}$' OR kind NOT IN ('POLYGON', 'MULTIPOLYGON', 'POINT') THEN
    RAISE EXCEPTION 'layer %, %: not a table of results', layer, kind;
  END IF;
  FOR c IN SELECT * FROM jsonb_array_elements(columns) LOOP
    IF c->>'name' !~ '^[a-z][a-z0-9_]{0,39}$' OR c->>'type' NOT IN ('TEXT', 'INTEGER', 'REAL') THEN
      RAISE EXCEPTION 'layer %: column %: not a column of results', layer, c;
    END IF;
    definition := definition || format(', %I %s', c->>'name',
      CASE c->>'type' WHEN 'TEXT' THEN 'text' WHEN 'INTEGER' THEN 'bigint' ELSE 'double precision' END);
  END LOOP;
  EXECUTE format('DROP TABLE IF EXISTS maillage.%I', 'attente_' || layer);
  EXECUTE format('CREATE TABLE maillage.%I (fid integer NOT NULL, geom %I.geometry(%s, 4326)%s)', 'attente_' || layer, postgis, kind, definition);
  EXECUTE format('COMMENT ON TABLE maillage.%I IS %L', 'attente_' || layer, title);
  FOR c IN SELECT * FROM jsonb_array_elements(columns) LOOP
    EXECUTE format('COMMENT ON COLUMN maillage.%I.%I IS %L', 'attente_' || layer, c->>'name', c->>'title');
  END LOOP;
END $$;

-- swap_layers indexes what was filled, and puts it in the place of the tables of
-- results that are there. These are locked from the first DROP to the commit only.
CREATE FUNCTION swap_layers(edition bigint, layers text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  layer text;
  old   text;
BEGIN
  FOREACH layer IN ARRAY layers LOOP
    EXECUTE format('ALTER TABLE maillage.%I ADD CONSTRAINT %I PRIMARY KEY (fid)', 'attente_' || layer, 'attente_' || layer || '_pkey');
    EXECUTE format('CREATE INDEX %I ON maillage.%I USING gist (geom)', 'attente_' || layer || '_geom', 'attente_' || layer);
    EXECUTE format('ANALYZE maillage.%I', 'attente_' || layer);
  END LOOP;
  FOR old IN DELETE FROM maillage.result_layers RETURNING table_name LOOP
    EXECUTE format('DROP TABLE IF EXISTS maillage.%I', old);
  END LOOP;
  FOREACH layer IN ARRAY layers LOOP
    EXECUTE format('ALTER TABLE maillage.%I RENAME TO %I', 'attente_' || layer, 'resultat_' || layer);
    EXECUTE format('ALTER INDEX maillage.%I RENAME TO %I', 'attente_' || layer || '_pkey', 'resultat_' || layer || '_pkey');
    EXECUTE format('ALTER INDEX maillage.%I RENAME TO %I', 'attente_' || layer || '_geom', 'resultat_' || layer || '_geom');
    INSERT INTO maillage.result_layers (table_name, edition) VALUES ('resultat_' || layer, swap_layers.edition);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION open_layer, swap_layers FROM PUBLIC;

COMMENT ON TABLE editions IS 'Éditions. Une ligne par calcul conservé.';
COMMENT ON TABLE edition_parts IS 'Contenu des éditions. Octets des éditions, par morceaux ; sans usage dans un SIG.';
COMMENT ON TABLE result_layers IS 'Tables de résultats. Tables « resultat_… » et l’édition dont elles viennent.';
COMMENT ON COLUMN editions.id IS 'Édition';
COMMENT ON COLUMN editions.created_at IS 'Conservée le (UTC)';
COMMENT ON COLUMN editions.turn IS 'Ordre ; la plus grande est la dernière';
COMMENT ON COLUMN editions.size_bytes IS 'Taille (octets)';
COMMENT ON COLUMN editions.sha256 IS 'Empreinte SHA-256';
