-- What makes the file a GeoPackage 1.3 (OGC 12-128r17): the tables of the standard
-- itself, as its annex C defines them. 1196444487 is 'GPKG' in ASCII.
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;

-- One row is one coordinate reference system. The three rows below are required;
-- every geometry of this file is in 4326, longitude first.
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name                 TEXT    NOT NULL,
  srs_id                   INTEGER NOT NULL PRIMARY KEY,
  organization             TEXT    NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition               TEXT    NOT NULL,
  description              TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS',  -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS',  0, 'NONE',  0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');

-- One row is one table that a GIS shows.
CREATE TABLE gpkg_contents (
  table_name  TEXT     NOT NULL PRIMARY KEY,
  data_type   TEXT     NOT NULL,
  identifier  TEXT     UNIQUE,
  description TEXT     DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  min_x       DOUBLE,
  min_y       DOUBLE,
  max_x       DOUBLE,
  max_y       DOUBLE,
  srs_id      INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

-- One row is the geometry column of one table of features.
CREATE TABLE gpkg_geometry_columns (
  table_name         TEXT    NOT NULL,
  column_name        TEXT    NOT NULL,
  geometry_type_name TEXT    NOT NULL,
  srs_id             INTEGER NOT NULL,
  z                  TINYINT NOT NULL,
  m                  TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);

-- One row is one use of an extension of the standard: gpkg_schema (titles of
-- columns) and one gpkg_rtree_index per geometry column.
CREATE TABLE gpkg_extensions (
  table_name     TEXT,
  column_name    TEXT,
  extension_name TEXT NOT NULL,
  definition     TEXT NOT NULL,
  scope          TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);

-- One row is the title of one column, which QGIS shows as its alias.
CREATE TABLE gpkg_data_columns (
  table_name      TEXT NOT NULL,
  column_name     TEXT NOT NULL,
  name            TEXT,
  title           TEXT,
  description     TEXT,
  mime_type       TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);

-- Required beside gpkg_data_columns; stays empty.
CREATE TABLE gpkg_data_column_constraints (
  constraint_name  TEXT NOT NULL,
  constraint_type  TEXT NOT NULL,
  value            TEXT,
  min              NUMERIC,
  min_is_inclusive BOOLEAN,
  max              NUMERIC,
  max_is_inclusive BOOLEAN,
  description      TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns',            NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');

-- One row is one migration that this file has been through; the highest version
-- is the version of the file.
CREATE TABLE maillage_migrations (
  version    INTEGER  PRIMARY KEY AUTOINCREMENT NOT NULL,
  name       TEXT     NOT NULL,
  applied_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT migration_counts_from_one CHECK (version >= 1)
);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('maillage_migrations', 'attributes', 'Versions du fichier', 'Étapes de structure de ce fichier, tenues par maillage');
