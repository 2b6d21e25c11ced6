-- Makes three roles for a database of maillage, of which each has the rights it needs
-- and no other:
--
--   maillage_read     maillage serve (without writing by the API), gaps, ifn; QGIS
--   maillage_write    that, and maillage import, compute, copy, worker
--   maillage_migrate  that, and maillage migrate: it owns the tables
--
--   createdb aisne
--   psql --file scripts/deploy/roles.sql aisne          (as a superuser)
--   psql --command '\password maillage_read' aisne      (and so on for the others)
--   maillage migrate --store postgres://maillage_migrate@server/aisne
--
-- Other names: psql -v read=lecture -v write=ecriture -v migrate=structure …
-- It can be run again, also on a database whose tables another role has made: they
-- become those of the role that migrates. No password is set here.

\set ON_ERROR_STOP on
\if :{?read}
\else
\set read maillage_read
\endif
\if :{?write}
\else
\set write maillage_write
\endif
\if :{?migrate}
\else
\set migrate maillage_migrate
\endif

BEGIN;

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', name)
FROM unnest(ARRAY[:'read', :'write', :'migrate']) AS name
WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec

CREATE EXTENSION IF NOT EXISTS postgis;

GRANT CONNECT ON DATABASE :"DBNAME" TO :"read", :"write", :"migrate";

CREATE SCHEMA IF NOT EXISTS maillage;
ALTER SCHEMA maillage OWNER TO :"migrate";
REVOKE ALL ON SCHEMA maillage FROM PUBLIC;
GRANT USAGE ON SCHEMA maillage TO :"read", :"write";

-- What is there already. A sequence goes with the table whose column it fills.
SELECT format('ALTER TABLE maillage.%I OWNER TO %I', relname, :'migrate')
FROM pg_class WHERE relnamespace = 'maillage'::regnamespace AND relkind = 'r' \gexec
SELECT format('ALTER FUNCTION %s OWNER TO %I', oid::regprocedure, :'migrate')
FROM pg_proc WHERE pronamespace = 'maillage'::regnamespace \gexec
GRANT SELECT ON ALL TABLES IN SCHEMA maillage TO :"read", :"write";
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA maillage TO :"write";
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA maillage TO :"write";

-- What migrations and editions will make. The structure itself (maillage_migrations)
-- is protected by a policy: see geo/store/postgis/migrations/0001_postgis.sql.
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate" IN SCHEMA maillage GRANT SELECT ON TABLES TO :"read", :"write";
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate" IN SCHEMA maillage GRANT INSERT, UPDATE, DELETE ON TABLES TO :"write";
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate" IN SCHEMA maillage GRANT EXECUTE ON FUNCTIONS TO :"write";

-- The queue of jobs.
CREATE SCHEMA IF NOT EXISTS maillage_jobs;
ALTER SCHEMA maillage_jobs OWNER TO :"migrate";
REVOKE ALL ON SCHEMA maillage_jobs FROM PUBLIC;
GRANT USAGE ON SCHEMA maillage_jobs TO :"read", :"write";
SELECT format('ALTER TABLE maillage_jobs.%I OWNER TO %I', relname, :'migrate')
FROM pg_class WHERE relnamespace = 'maillage_jobs'::regnamespace AND relkind = 'r' \gexec
SELECT format('ALTER TYPE maillage_jobs.%I OWNER TO %I', typname, :'migrate')
FROM pg_type WHERE typnamespace = 'maillage_jobs'::regnamespace AND typtype = 'e' \gexec
SELECT format('ALTER FUNCTION %s OWNER TO %I', oid::regprocedure, :'migrate')
FROM pg_proc WHERE pronamespace = 'maillage_jobs'::regnamespace \gexec
GRANT SELECT ON ALL TABLES IN SCHEMA maillage_jobs TO :"read", :"write";
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA maillage_jobs TO :"write";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA maillage_jobs TO :"write";
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate" IN SCHEMA maillage_jobs GRANT SELECT ON TABLES TO :"read", :"write";
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate" IN SCHEMA maillage_jobs GRANT INSERT, UPDATE, DELETE ON TABLES TO :"write";
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate" IN SCHEMA maillage_jobs GRANT USAGE ON SEQUENCES TO :"write";

COMMIT;
