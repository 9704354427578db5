-- Three roles. The owner (who runs this) owns every table and serves no request.
-- trellis_app serves tenants: it owns nothing and cannot bypass row-level security.
-- trellis_platform knows sign-ins and the outbox's queue, across tenants, and no person.
-- Passwords are the operator's business; on a private socket none is needed.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trellis_app') THEN
    CREATE ROLE trellis_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trellis_platform') THEN
    CREATE ROLE trellis_platform LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of the same cluster was quicker
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO trellis_app, trellis_platform;

-- The tenant of the transaction. Unset fails loudly: it never means "everything" nor "nothing".
CREATE FUNCTION current_network() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  setting text := nullif(current_setting('app.network_id', true), '');
BEGIN
  IF setting IS NULL THEN
    RAISE EXCEPTION 'no tenant is set for this transaction' USING ERRCODE = 'TR001';
  END IF;
  RETURN setting::uuid;
END $$;

-- None for a role in the network itself: then nothing that belongs to an organisation is visible.
CREATE FUNCTION current_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.organisation_id', true), '')::uuid $$;

CREATE FUNCTION current_actor() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.actor_id', true), '')::uuid $$;

-- A server that starts asks which version the schema is, as the platform's role.
DO $$
BEGIN
  IF to_regclass('__diesel_schema_migrations') IS NOT NULL THEN
    GRANT SELECT ON __diesel_schema_migrations TO trellis_platform;
  END IF;
END $$;
