-- Whether the acting organisation has the whole record of somebody whom it finds: a birth date is not what a limited agreement
-- shares.
CREATE OR REPLACE VIEW person_summaries WITH (security_invoker = true) AS
SELECT p.network_id, p.person_id, p.sealed_identity, k.key_id, k.wrapped_key,
  (SELECT count(*) FROM referrals r WHERE r.network_id = p.network_id AND r.person_id = p.person_id
     AND r.due_at IS NOT NULL
     AND NOT (hears(r.feedback, r.to_organisation_id, r.parent_organisation_id) = 'nothing'
       AND r.from_organisation_id <> (SELECT current_organisation())
       AND r.asker_organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()))) AS open_referrals,
  EXISTS (SELECT FROM person_access a WHERE a.network_id = p.network_id AND a.person_id = p.person_id
     AND a.organisation_id = (SELECT current_organisation()) AND a.level = 'full' AND a.ended_at IS NULL) AS in_full
FROM persons p
JOIN person_keys k ON k.network_id = p.network_id AND k.person_id = p.person_id;
