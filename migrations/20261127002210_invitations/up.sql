-- The token in the mail is made from the id, the count of links and a key that is not in the database. Only the newest
-- link opens it; it is good once.
CREATE TABLE invitations (
  network_id uuid NOT NULL REFERENCES networks,
  invitation_id uuid NOT NULL UNIQUE,
  -- None: a role in the network itself.
  organisation_id uuid,
  email text NOT NULL CHECK (email = lower(email)),
  roles text[] NOT NULL CHECK (cardinality(roles) > 0),
  invited_by uuid,
  created_at timestamptz NOT NULL,
  sent_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  generation integer NOT NULL DEFAULT 1 CHECK (generation > 0),
  asked_again_at timestamptz,
  accepted_at timestamptz,
  membership_id uuid,
  withdrawn_at timestamptz,
  PRIMARY KEY (network_id, invitation_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  CHECK ((accepted_at IS NULL) = (membership_id IS NULL)),
  CHECK (accepted_at IS NULL OR withdrawn_at IS NULL)
);
CREATE UNIQUE INDEX invitations_one_each ON invitations (network_id, organisation_id, email) NULLS NOT DISTINCT
  WHERE accepted_at IS NULL AND withdrawn_at IS NULL;

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY invitations_app ON invitations TO trellis_app
  USING (network_id = (SELECT current_network())
    AND ((SELECT current_organisation()) IS NULL OR organisation_id = (SELECT current_organisation())))
  WITH CHECK (network_id = (SELECT current_network())
    AND ((SELECT current_organisation()) IS NULL OR organisation_id = (SELECT current_organisation())));
-- Nobody is signed in when a link is opened: the platform finds whose it is.
CREATE POLICY invitations_platform ON invitations FOR SELECT TO trellis_platform USING (true);
GRANT SELECT, INSERT, UPDATE ON invitations TO trellis_app;
GRANT SELECT ON invitations TO trellis_platform;

-- Sessions are the platform's, and a tenant reads none. It may end those that act for one of its memberships, in the
-- transaction that records it, and may know when each of its members was last seen.
CREATE FUNCTION end_sessions_of(the_membership uuid, at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ended integer;
BEGIN
  UPDATE sessions s SET ended_at = at, end_reason = 'ended_by_administrator'
    FROM memberships m
   WHERE m.membership_id = the_membership AND m.membership_id = s.membership_id AND s.ended_at IS NULL
     AND m.network_id = current_network()
     AND (current_organisation() IS NULL OR m.organisation_id = current_organisation());
  GET DIAGNOSTICS ended = ROW_COUNT;
  RETURN ended;
END $$;
CREATE FUNCTION members_seen(the_members uuid[]) RETURNS TABLE (membership_id uuid, last_seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.membership_id, max(s.last_seen_at)
    FROM memberships m JOIN sessions s ON s.membership_id = m.membership_id
   WHERE m.membership_id = ANY (the_members) AND m.network_id = current_network()
     AND (current_organisation() IS NULL OR m.organisation_id = current_organisation())
   GROUP BY m.membership_id
$$;
REVOKE ALL ON FUNCTION end_sessions_of(uuid, timestamptz), members_seen(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_sessions_of(uuid, timestamptz), members_seen(uuid[]) TO trellis_app;
CREATE INDEX sessions_membership ON sessions (membership_id);
