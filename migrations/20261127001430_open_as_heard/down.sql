CREATE OR REPLACE VIEW person_summaries WITH (security_invoker = true) AS
SELECT p.network_id, p.person_id, p.sealed_identity, k.key_id, k.wrapped_key,
  (SELECT count(*) FROM referrals r WHERE r.network_id = p.network_id AND r.person_id = p.person_id
     AND r.due_at IS NOT NULL) AS open_referrals
FROM persons p
JOIN person_keys k ON k.network_id = p.network_id AND k.person_id = p.person_id;
