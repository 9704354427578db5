-- Names that both sides of a measurement can work out: the id of the n-th thing of a kind, and who belongs to whom.
CREATE SCHEMA bench;
GRANT USAGE ON SCHEMA bench TO trellis_app;

CREATE FUNCTION bench.id(kind integer, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (lpad(kind::text, 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;

-- A fresh id that grows with time, as the product's do.
CREATE FUNCTION bench.fresh() RETURNS text LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 'hex')
$$;

-- Six characters of the alphabet of references, different for each n below 30^6.
CREATE FUNCTION bench.reference(n bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg(CASE WHEN i = 3 THEN '-' ELSE '' END
    || substr('23456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + ((n / (30 ^ i)::bigint) % 30)::integer, 1), '' ORDER BY i)
  FROM generate_series(0, 5) AS i
$$;

-- People as the keyring has sealed them; loaded before the rest.
CREATE UNLOGGED TABLE bench.sealed (
  n bigint NOT NULL,
  identity bytea NOT NULL,
  preferences bytea NOT NULL,
  key_id text NOT NULL,
  wrapped bytea NOT NULL
);
