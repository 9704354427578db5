-- Whoever answers for a place may begin a reset for a member who has lost every factor, and can do no more than begin it: a
-- link goes to the login's own address, and opens with its password only.
ALTER TABLE login_links DROP CONSTRAINT login_links_purpose_check;
ALTER TABLE login_links ADD CONSTRAINT login_links_purpose_check CHECK (purpose IN ('sign_in', 'recovery', 'factor_reset'));
-- None: at once.
ALTER TABLE login_links ADD COLUMN opens_at timestamptz;

-- The factors were dropped and no new one is set up yet. The password alone opens nothing but setting one up, whatever the
-- organisations of the login ask for.
ALTER TABLE users ADD COLUMN factors_reset_at timestamptz;

-- Answers whether there was anything to reset. The link opens at once for a login of this place alone; it waits where the
-- login acts for others too, whom nobody here answers for, and where the password was set within the same time: whoever reads
-- the mailbox could have set it. A link that was begun before is replaced.
CREATE FUNCTION begin_factor_reset(
  the_membership uuid, the_link uuid, at timestamptz, soon timestamptz, later timestamptz, later_ends timestamptz
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  the_user uuid;
  waits boolean;
BEGIN
  SELECT m.user_id INTO the_user FROM memberships m
   WHERE m.membership_id = the_membership AND m.ended_at IS NULL AND m.network_id = current_network()
     AND (current_organisation() IS NULL OR m.organisation_id = current_organisation());
  IF the_user IS NULL OR NOT EXISTS (
    SELECT FROM users u WHERE u.user_id = the_user AND u.disabled_at IS NULL AND (u.factors_reset_at IS NOT NULL
      OR EXISTS (SELECT FROM authenticators a WHERE a.user_id = the_user AND a.confirmed_at IS NOT NULL)
      OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = the_user)))
  THEN
    RETURN false;
  END IF;
  SELECT EXISTS (SELECT FROM memberships m WHERE m.user_id = the_user AND m.membership_id <> the_membership AND m.ended_at IS NULL)
      OR u.password_changed_at > at - (later - at)
    INTO waits FROM users u WHERE u.user_id = the_user;
  UPDATE login_links SET spent_at = at WHERE user_id = the_user AND purpose = 'factor_reset' AND spent_at IS NULL;
  INSERT INTO login_links (link_id, user_id, purpose, created_at, opens_at, expires_at)
    VALUES (the_link, the_user, 'factor_reset', at, CASE WHEN waits THEN later ELSE at END,
      CASE WHEN waits THEN later_ends ELSE soon END);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION begin_factor_reset(uuid, uuid, timestamptz, timestamptz, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_factor_reset(uuid, uuid, timestamptz, timestamptz, timestamptz, timestamptz) TO trellis_app;
