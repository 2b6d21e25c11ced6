-- One row is one migration that this schema has been through; the highest version is
-- the version of the schema.
CREATE TABLE maillage_migrations (
  version    integer PRIMARY KEY,
  name       text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT migration_counts_from_one CHECK (version >= 1)
);

-- Others than the owner only read it, whatever rights they have on the tables of this
-- schema: a version that no migration has made would lock every program out.
ALTER TABLE maillage_migrations ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_only ON maillage_migrations FOR SELECT USING (true);

COMMENT ON TABLE maillage_migrations IS 'Versions du schéma. Étapes de structure, tenues par maillage.';
