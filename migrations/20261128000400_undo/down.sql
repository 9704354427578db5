DROP VIEW contact_entries, timeline_entries;
CREATE VIEW timeline_entries WITH (security_invoker = true) AS
SELECT e.network_id, e.referral_id, e.at, e.event_id, e.name, e.reason, e.organisation_id,
  (SELECT o.name FROM organisations o WHERE o.network_id = e.network_id AND o.organisation_id = e.organisation_id)
    AS organisation_name,
  (SELECT m.name FROM memberships m WHERE m.network_id = e.network_id AND m.organisation_id = e.organisation_id
     AND m.user_id = e.actor_id ORDER BY m.ended_at DESC NULLS FIRST LIMIT 1) AS actor_name,
  c.channel AS contact_channel, c.result AS contact_result, c.minutes AS contact_minutes
FROM events e
LEFT JOIN contacts c ON c.network_id = e.network_id AND e.kind = 'contact' AND c.contact_id = e.subject_id
WHERE e.referral_id IS NOT NULL AND e.name <> 'referral.read';
REVOKE UPDATE (taken_back_at) ON contacts FROM trellis_app;
ALTER TABLE contacts DROP COLUMN taken_back_at;
CREATE VIEW contact_entries WITH (security_invoker = true) AS
SELECT c.*, (SELECT m.name FROM memberships m WHERE m.network_id = c.network_id AND m.organisation_id = c.organisation_id
  AND m.user_id = c.user_id ORDER BY m.ended_at DESC NULLS FIRST LIMIT 1) AS worker_name
FROM contacts c;
GRANT SELECT ON timeline_entries, contact_entries TO trellis_app;
DROP TABLE referral_undos;
