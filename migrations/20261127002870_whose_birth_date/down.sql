-- A column cannot be taken out of a view that stays.
DROP VIEW person_summaries;
CREATE VIEW person_summaries WITH (security_invoker = true) AS
SELECT p.network_id, p.person_id, p.sealed_identity, k.key_id, k.wrapped_key,
  (SELECT count(*) FROM referrals r WHERE r.network_id = p.network_id AND r.person_id = p.person_id
     AND r.due_at IS NOT NULL
     AND NOT (hears(r.feedback, r.to_organisation_id, r.parent_organisation_id) = 'nothing'
       AND r.from_organisation_id <> (SELECT current_organisation())
       AND r.asker_organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()))) AS open_referrals
FROM persons p
JOIN person_keys k ON k.network_id = p.network_id AND k.person_id = p.person_id;
GRANT SELECT ON person_summaries TO trellis_app;
