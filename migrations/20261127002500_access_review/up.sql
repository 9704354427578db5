-- Somebody looked at what a member may do and found it right. One press may confirm several: they share its id. It counts
-- while the membership is at this version, so no confirmation of other roles counts for new ones, nor for old ones given back.
CREATE TABLE access_confirmations (
  network_id uuid NOT NULL REFERENCES networks,
  confirmation_id uuid NOT NULL,
  membership_id uuid NOT NULL,
  organisation_id uuid,
  membership_version integer NOT NULL CHECK (membership_version > 0),
  -- What it said then, for whoever reads this later.
  roles text[] NOT NULL CHECK (cardinality(roles) > 0),
  confirmed_at timestamptz NOT NULL,
  -- The membership that looked, and never the same.
  confirmed_by uuid NOT NULL,
  PRIMARY KEY (network_id, confirmation_id, membership_id),
  FOREIGN KEY (network_id, membership_id) REFERENCES memberships,
  FOREIGN KEY (network_id, confirmed_by) REFERENCES memberships,
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  CHECK (confirmed_by <> membership_id)
);
CREATE INDEX access_confirmations_newest
  ON access_confirmations (network_id, membership_id, membership_version, confirmed_at DESC);

ALTER TABLE access_confirmations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY access_confirmations_app ON access_confirmations TO trellis_app
  USING (network_id = (SELECT current_network())
    AND ((SELECT current_organisation()) IS NULL OR organisation_id = (SELECT current_organisation())))
  WITH CHECK (network_id = (SELECT current_network())
    AND ((SELECT current_organisation()) IS NULL OR organisation_id = (SELECT current_organisation())));
GRANT SELECT, INSERT ON access_confirmations TO trellis_app;

-- What a login proves itself with is the platform's, and a tenant reads none of it. It may know of its own members that there
-- is something besides the password, and not what. Recovery codes stand in for something that is lost, so they are not it.
CREATE FUNCTION members_with_second_factor(the_members uuid[]) RETURNS TABLE (membership_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.membership_id FROM memberships m
   WHERE m.membership_id = ANY (the_members) AND m.ended_at IS NULL AND m.network_id = current_network()
     AND (current_organisation() IS NULL OR m.organisation_id = current_organisation())
     AND (EXISTS (SELECT FROM authenticators a WHERE a.user_id = m.user_id AND a.confirmed_at IS NOT NULL)
       OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = m.user_id))
$$;
REVOKE ALL ON FUNCTION members_with_second_factor(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION members_with_second_factor(uuid[]) TO trellis_app;
