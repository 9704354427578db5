-- Whoever owns the referral that one came from, and whoever asked before it was passed on, may withdraw it: so they may
-- also end the access that it opened.
ALTER POLICY person_access_read ON person_access
  USING (network_id = (SELECT current_network())
    AND (organisation_id = (SELECT current_organisation())
      OR custodian_organisation_id = (SELECT current_organisation())
      OR EXISTS (SELECT 1 FROM referrals r WHERE r.network_id = person_access.network_id
        AND r.referral_id = person_access.referral_id
        AND (SELECT current_organisation()) IN (r.from_organisation_id, r.parent_organisation_id, r.asker_organisation_id))));
ALTER POLICY person_access_end ON person_access
  USING (network_id = (SELECT current_network())
    AND (organisation_id = (SELECT current_organisation())
      OR custodian_organisation_id = (SELECT current_organisation())
      OR EXISTS (SELECT 1 FROM referrals r WHERE r.network_id = person_access.network_id
        AND r.referral_id = person_access.referral_id
        AND (SELECT current_organisation()) IN (r.from_organisation_id, r.parent_organisation_id, r.asker_organisation_id))));
