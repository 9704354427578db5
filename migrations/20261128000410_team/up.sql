-- As before, with what the request was about: a lead shares people out by need and by how much work they are.
CREATE OR REPLACE VIEW caseload WITH (security_invoker = true) AS
SELECT r.network_id, r.owner_organisation_id, r.worker_id, r.due_at, r.referral_id, r.reference, r.version, r.person_id,
  r.stage, r.next_step, r.latest_contact_at, r.latest_contact_result, r.unread_receiver AS unread, r.risk,
  s.name AS service_name, w.name AS worker_name, p.sealed_identity, p.sealed_preferences, k.key_id, k.wrapped_key, r.brief
FROM referrals r
JOIN services s ON s.network_id = r.network_id AND s.service_id = r.service_id
JOIN persons p ON p.network_id = r.network_id AND p.person_id = r.person_id
JOIN person_keys k ON k.network_id = r.network_id AND k.person_id = r.person_id
LEFT JOIN memberships w ON w.network_id = r.network_id AND w.organisation_id = r.to_organisation_id
  AND w.user_id = r.worker_id AND w.ended_at IS NULL
WHERE r.due_at IS NOT NULL AND r.stage IN ('accepted', 'active', 'on_hold');

-- The facts that the declared rule of how much work a referral is looks at, one row for each that somebody helps with.
CREATE VIEW referral_work WITH (security_invoker = true) AS
SELECT r.network_id, r.owner_organisation_id, r.worker_id, r.referral_id, r.version, r.due_at, r.risk,
  jsonb_array_length(r.brief -> 'needs') AS needs, r.brief -> 'access_needs' ?| ARRAY['interpreter', 'bsl'] AS interpreter,
  r.stage = 'accepted' AS waiting
FROM referrals r WHERE r.due_at IS NOT NULL AND r.stage IN ('accepted', 'active', 'on_hold');
GRANT SELECT ON referral_work TO trellis_app;
