-- Logins are the platform's: one user may act in several networks.
CREATE TABLE users (
  user_id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL,
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  disabled_at timestamptz
);

-- What a tenant knows of a member of staff. The name is shown inside the network; roles end with the row.
CREATE TABLE memberships (
  network_id uuid NOT NULL REFERENCES networks,
  membership_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES users,
  organisation_id uuid,
  roles text[] NOT NULL CHECK (cardinality(roles) > 0),
  name text NOT NULL,
  email text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (network_id, membership_id),
  UNIQUE (membership_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations
);
CREATE UNIQUE INDEX memberships_one_each ON memberships (network_id, organisation_id, user_id) NULLS NOT DISTINCT
  WHERE ended_at IS NULL;
CREATE INDEX memberships_user ON memberships (user_id) WHERE ended_at IS NULL;

-- Sessions of the browser and of the API. Secrets are stored as SHA-256 only.
CREATE TABLE sessions (
  session_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  membership_id uuid NOT NULL REFERENCES memberships (membership_id),
  kind text NOT NULL CHECK (kind IN ('browser', 'api')),
  secret_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  idle_ends_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text
);
CREATE INDEX sessions_user ON sessions (user_id) WHERE ended_at IS NULL;

-- Every refresh token ever given for a session: replaying a spent one ends the family (RFC 9700).
CREATE TABLE refresh_tokens (
  token_hash bytea PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  spent_at timestamptz
);

-- Guessing is limited here when Redis is away.
CREATE TABLE sign_in_attempts (
  subject bytea NOT NULL,
  window_starts_at timestamptz NOT NULL,
  failures integer NOT NULL,
  PRIMARY KEY (subject, window_starts_at)
);

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY memberships_read ON memberships FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network()));
CREATE POLICY memberships_write ON memberships TO trellis_app
  USING (network_id = (SELECT current_network())
    AND ((SELECT current_organisation()) IS NULL OR organisation_id = (SELECT current_organisation())))
  WITH CHECK (network_id = (SELECT current_network())
    AND ((SELECT current_organisation()) IS NULL OR organisation_id = (SELECT current_organisation())));
CREATE POLICY memberships_platform ON memberships FOR SELECT TO trellis_platform USING (true);

GRANT SELECT, INSERT, UPDATE ON memberships TO trellis_app;
GRANT SELECT ON memberships TO trellis_platform;
GRANT SELECT, INSERT, UPDATE, DELETE ON users, sessions, refresh_tokens, sign_in_attempts TO trellis_platform;

-- Called in the same message as BEGIN: an ended session, a disabled user, a changed role or a suspended
-- organisation is refused on the very next request, without a round trip of its own.
CREATE FUNCTION assert_session(the_session uuid, the_membership uuid, the_version integer) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1
    FROM sessions s
    JOIN users u USING (user_id)
    JOIN memberships m ON m.membership_id = the_membership AND m.user_id = s.user_id
    LEFT JOIN organisations o ON o.network_id = m.network_id AND o.organisation_id = m.organisation_id
   WHERE s.session_id = the_session AND s.ended_at IS NULL
     AND u.disabled_at IS NULL
     AND m.ended_at IS NULL AND m.version = the_version
     AND o.suspended_at IS NULL AND o.closed_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'TR002';
  END IF;
END $$;
-- The definer is subject to forced row-level security too, so it is let in by name, to read only.
DO $$ BEGIN
  EXECUTE format('CREATE POLICY memberships_owner ON memberships FOR SELECT TO %I USING (true)', current_user);
  EXECUTE format('CREATE POLICY organisations_owner ON organisations FOR SELECT TO %I USING (true)', current_user);
END $$;
REVOKE ALL ON FUNCTION assert_session(uuid, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION assert_session(uuid, uuid, integer) TO trellis_app;
