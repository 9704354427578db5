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
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'TR002';
  ELSIF NOT found_one.strong AND second_factor_required(found_one.network_id, found_one.organisation_id, the_instant) THEN
    RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'TR002', DETAIL = 'a second factor is needed';
  END IF;
END $$;
DROP POLICY networks_owner ON networks;
ALTER TABLE networks DROP COLUMN suspended_at;
