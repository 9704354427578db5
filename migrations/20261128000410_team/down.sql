DROP VIEW referral_work;
DROP VIEW caseload;
CREATE VIEW caseload WITH (security_invoker = true) AS
SELECT r.network_id, r.owner_organisation_id, r.worker_id, r.due_at, r.referral_id, r.reference, r.version, r.person_id,
  r.stage, r.next_step, r.latest_contact_at, r.latest_contact_result, r.unread_receiver AS unread, r.risk,
  s.name AS service_name, w.name AS worker_name, p.sealed_identity, p.sealed_preferences, k.key_id, k.wrapped_key
FROM referrals r
JOIN services s ON s.network_id = r.network_id AND s.service_id = r.service_id
JOIN persons p ON p.network_id = r.network_id AND p.person_id = r.person_id
JOIN person_keys k ON k.network_id = r.network_id AND k.person_id = r.person_id
LEFT JOIN memberships w ON w.network_id = r.network_id AND w.organisation_id = r.to_organisation_id
  AND w.user_id = r.worker_id AND w.ended_at IS NULL
WHERE r.due_at IS NOT NULL AND r.stage IN ('accepted', 'active', 'on_hold');
GRANT SELECT ON caseload TO trellis_app;
