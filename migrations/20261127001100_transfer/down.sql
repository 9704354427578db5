DROP FUNCTION end_origin_access(uuid, timestamptz, text);
ALTER POLICY referrals_app ON referrals
  USING (network_id = (SELECT current_network())
    AND (from_organisation_id = (SELECT current_organisation())
      OR (to_organisation_id = (SELECT current_organisation()) AND sent_at IS NOT NULL)
      OR parent_organisation_id = (SELECT current_organisation())))
  WITH CHECK (network_id = (SELECT current_network())
    AND (from_organisation_id = (SELECT current_organisation())
      OR to_organisation_id = (SELECT current_organisation())
      OR parent_organisation_id = (SELECT current_organisation())));
ALTER TABLE referrals DROP COLUMN asker_user_id, DROP COLUMN asker_organisation_id;
