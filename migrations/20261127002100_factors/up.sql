-- What proved a session, when it was proved last, and on what: coarse words such as "Firefox on Windows", never the string
-- that a browser sends. A session of a server of the version before was opened with a password, when it was created.
ALTER TABLE sessions
  ADD COLUMN factors text[] NOT NULL DEFAULT '{password}',
  ADD COLUMN strong boolean NOT NULL DEFAULT false,
  ADD COLUMN proved_at timestamptz,
  ADD COLUMN device text NOT NULL DEFAULT '';

-- The definer is subject to forced row-level security too, so it is let in by name, to read only.
DO $$ BEGIN
  EXECUTE format('CREATE POLICY organisation_settings_owner ON organisation_settings FOR SELECT TO %I USING (true)', current_user);
END $$;

-- Whether nobody acts with one factor alone for an organisation, or in the network itself, at that instant.
CREATE FUNCTION second_factor_required(the_network uuid, the_organisation uuid, the_instant timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
  required boolean;
BEGIN
  IF the_organisation IS NULL THEN
    SELECT second_factor_required INTO required FROM organisation_settings
     WHERE network_id = the_network AND organisation_id IS NULL AND takes_effect_at <= the_instant
     ORDER BY takes_effect_at DESC, version DESC LIMIT 1;
  ELSE
    SELECT second_factor_required INTO required FROM organisation_settings
     WHERE network_id = the_network AND organisation_id = the_organisation AND takes_effect_at <= the_instant
     ORDER BY takes_effect_at DESC, version DESC LIMIT 1;
  END IF;
  RETURN coalesce(required, false);
END $$;
REVOKE ALL ON FUNCTION second_factor_required(uuid, uuid, timestamptz) FROM PUBLIC;

-- The same signature as before, so that servers of the version before are held to it too. A session of one factor is refused
-- from the moment at which its organisation asks for two; one of two costs no further look.
CREATE OR REPLACE FUNCTION assert_session(the_session uuid, the_membership uuid, the_version integer, the_instant timestamptz)
RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found_one record;
BEGIN
  SELECT s.strong, m.network_id, m.organisation_id INTO found_one
    FROM sessions s
    JOIN users u USING (user_id)
    JOIN memberships m ON m.membership_id = the_membership AND m.user_id = s.user_id
    LEFT JOIN organisations o ON o.network_id = m.network_id AND o.organisation_id = m.organisation_id
   WHERE s.session_id = the_session AND s.ended_at IS NULL
     AND s.ends_at > the_instant AND s.idle_ends_at > the_instant
     AND u.disabled_at IS NULL
     AND m.ended_at IS NULL AND m.version = the_version
     AND o.suspended_at IS NULL AND o.closed_at IS NULL;
  IF NOT FOUND
     OR (NOT found_one.strong AND second_factor_required(found_one.network_id, found_one.organisation_id, the_instant)) THEN
    RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'TR002';
  END IF;
END $$;
