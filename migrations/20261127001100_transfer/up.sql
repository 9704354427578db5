-- Passing on without a dead end. Who asked at first stays party to what becomes of it, with the person's choice of
-- feedback; who passes it on keeps seeing the person until the next service accepts.
ALTER TABLE referrals
  ADD COLUMN asker_organisation_id uuid,
  ADD COLUMN asker_user_id uuid,
  ADD FOREIGN KEY (network_id, asker_organisation_id) REFERENCES organisations,
  ADD CHECK (asker_user_id IS NULL OR asker_organisation_id IS NOT NULL);

ALTER POLICY referrals_app ON referrals
  USING (network_id = (SELECT current_network())
    AND (from_organisation_id = (SELECT current_organisation())
      OR (to_organisation_id = (SELECT current_organisation()) AND sent_at IS NOT NULL)
      OR parent_organisation_id = (SELECT current_organisation())
      OR (asker_organisation_id = (SELECT current_organisation()) AND sent_at IS NOT NULL)))
  WITH CHECK (network_id = (SELECT current_network())
    AND (from_organisation_id = (SELECT current_organisation())
      OR to_organisation_id = (SELECT current_organisation())
      OR parent_organisation_id = (SELECT current_organisation())
      OR (asker_organisation_id = (SELECT current_organisation()) AND sent_at IS NOT NULL)));

-- Ends the access that was kept for passing on. Whoever accepts is no party to the referral that opened it, so this is
-- done for them, for the origin of a referral that they are party to and for nothing else. The definer is let
-- in by the policies that a withdrawal needs.
CREATE FUNCTION end_origin_access(the_referral uuid, the_end timestamptz, the_reason text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE person_access a SET ended_at = the_end, end_reason = the_reason
    FROM referrals r
   WHERE r.network_id = current_network() AND r.referral_id = the_referral AND r.sent_at IS NOT NULL
     AND current_organisation() IN (r.from_organisation_id, r.to_organisation_id, r.parent_organisation_id,
       r.asker_organisation_id)
     AND a.network_id = r.network_id AND a.referral_id = r.origin_id AND a.ended_at IS NULL
$$;
REVOKE ALL ON FUNCTION end_origin_access(uuid, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_origin_access(uuid, timestamptz, text) TO trellis_app;
