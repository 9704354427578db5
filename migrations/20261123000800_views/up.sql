-- What the screens ask for, as views. `security_invoker`: whoever asks is subject to row-level security on every table beneath.

-- What the acting organisation hears of a referral (F1). Whoever helps, and whoever coordinates the helping, hears all;
-- whoever only asked hears what the person chose.
CREATE FUNCTION hears(feedback text, receiver uuid, parent uuid) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN receiver = current_organisation() OR parent = current_organisation() THEN 'all' ELSE feedback END
$$;

-- "Nothing" still says that it was sent, whether it is open, and what whoever asked has to act on.
CREATE FUNCTION shown_stage(stage text, hears text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN hears <> 'nothing' THEN stage
    WHEN stage IN ('waitlisted', 'accepted', 'active', 'on_hold') THEN 'sent'
    WHEN stage IN ('ended', 'withdrawn', 'transferred') THEN 'completed'
    ELSE stage END
$$;

-- One name for the full-text question, so that it is asked with the language that `services.search` was made with.
CREATE FUNCTION has_words(search tsvector, words text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT search @@ websearch_to_tsquery('english', words) $$;

-- Great-circle distance (haversine) on the mean radius of WGS 84.
CREATE FUNCTION kilometres_between(lat_a double precision, lon_a double precision, lat_b double precision, lon_b double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 2 * 6371.0088 * asin(sqrt(least(1.0, power(sin(radians(lat_b - lat_a) / 2), 2)
    + cos(radians(lat_a)) * cos(radians(lat_b)) * power(sin(radians(lon_b - lon_a) / 2), 2))))
$$;

CREATE INDEX services_place ON services (network_id, latitude, longitude) WHERE latitude IS NOT NULL;
-- Names of colleagues also after they have left.
CREATE INDEX memberships_names ON memberships (network_id, organisation_id, user_id, ended_at);
-- News that nobody has looked at yet.
CREATE INDEX referrals_news_sender ON referrals (network_id, from_organisation_id) WHERE unread_sender > 0;
CREATE INDEX referrals_news_receiver ON referrals (network_id, to_organisation_id) WHERE unread_receiver > 0;
CREATE INDEX referrals_asked ON referrals (network_id, from_organisation_id, due_at, referral_id) WHERE due_at IS NOT NULL;

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

-- The names are looked up for the rows of the page only: a scalar subquery in the outermost list comes after the limit.
CREATE VIEW worklist_items WITH (security_invoker = true) AS
SELECT i.*,
  (SELECT s.name FROM services s WHERE s.network_id = i.network_id AND s.service_id = i.service_id) AS service_name,
  (SELECT p.sealed_identity FROM persons p WHERE p.network_id = i.network_id AND p.person_id = i.person_id) AS sealed_identity,
  (SELECT k.key_id FROM person_keys k WHERE k.network_id = i.network_id AND k.person_id = i.person_id) AS key_id,
  (SELECT k.wrapped_key FROM person_keys k WHERE k.network_id = i.network_id AND k.person_id = i.person_id) AS wrapped_key
FROM (
  SELECT r.network_id, r.owner_organisation_id AS organisation_id,
    CASE WHEN r.stage IN ('draft', 'returned') THEN r.from_user_id ELSE r.worker_id END AS assignee_id,
    r.due_at, r.referral_id AS item_id, NULL::text AS task_kind, r.referral_id, r.reference, r.stage, r.next_step,
    CASE WHEN r.stage IN ('draft', 'returned') THEN r.unread_sender ELSE r.unread_receiver END AS unread,
    r.person_id, r.service_id
  FROM referrals r WHERE r.due_at IS NOT NULL
  UNION ALL
  SELECT t.network_id, t.organisation_id, t.user_id, t.due_at, t.task_id, t.kind, r.referral_id, r.reference,
    shown_stage(r.stage, hears(r.feedback, r.to_organisation_id, r.parent_organisation_id)), NULL,
    CASE WHEN r.from_organisation_id = t.organisation_id THEN r.unread_sender ELSE r.unread_receiver END,
    r.person_id, r.service_id
  FROM tasks t LEFT JOIN referrals r ON r.network_id = t.network_id AND r.referral_id = t.referral_id
  WHERE t.done_at IS NULL
) i;

-- One row for each thing that the numbers beside a worklist count.
CREATE VIEW worklist_marks WITH (security_invoker = true) AS
SELECT r.network_id, r.owner_organisation_id AS organisation_id,
  CASE WHEN r.stage IN ('draft', 'returned') THEN r.from_user_id ELSE r.worker_id END AS assignee_id,
  CASE r.stage WHEN 'sent' THEN 'request' ELSE 'referral' END AS mark, r.due_at
FROM referrals r WHERE r.due_at IS NOT NULL
UNION ALL
SELECT t.network_id, t.organisation_id, t.user_id, 'task', t.due_at FROM tasks t WHERE t.done_at IS NULL
UNION ALL
SELECT r.network_id, r.to_organisation_id, r.worker_id, 'news', NULL FROM referrals r WHERE r.unread_receiver > 0
UNION ALL
SELECT r.network_id, r.from_organisation_id, r.from_user_id, 'news', NULL FROM referrals r WHERE r.unread_sender > 0
  AND hears(r.feedback, r.to_organisation_id, r.parent_organisation_id) <> 'nothing'
UNION ALL
SELECT r.network_id, r.from_organisation_id, r.from_user_id, 'waiting', r.due_at FROM referrals r
WHERE r.due_at IS NOT NULL AND r.owner_organisation_id <> r.from_organisation_id;

CREATE VIEW referral_summaries WITH (security_invoker = true) AS
SELECT r.network_id, r.from_organisation_id, r.to_organisation_id, r.from_user_id, r.drafted_at, r.referral_id,
  r.reference, r.version, h.hears, shown_stage(r.stage, h.hears) AS stage,
  CASE WHEN h.hears = 'nothing' AND r.stage NOT IN ('draft', 'sent', 'returned', 'declined', 'cancelled')
    THEN coalesce(r.sent_at, r.stage_since) ELSE r.stage_since END AS stage_since,
  CASE WHEN shown_stage(r.stage, h.hears) = r.stage THEN r.due_at END AS due_at,
  r.brief, r.risk, r.sent_at, CASE WHEN h.hears = 'all' THEN r.worker_id END AS worker_id,
  f.name AS from_name, t.name AS to_name, s.name AS service_name, CASE WHEN h.hears = 'all' THEN w.name END AS worker_name,
  p.person_id, p.sealed_identity, k.key_id, k.wrapped_key
FROM referrals r
CROSS JOIN LATERAL (SELECT hears(r.feedback, r.to_organisation_id, r.parent_organisation_id) AS hears) h
JOIN organisations f ON f.network_id = r.network_id AND f.organisation_id = r.from_organisation_id
JOIN organisations t ON t.network_id = r.network_id AND t.organisation_id = r.to_organisation_id
JOIN services s ON s.network_id = r.network_id AND s.service_id = r.service_id
LEFT JOIN memberships w ON w.network_id = r.network_id AND w.organisation_id = r.to_organisation_id
  AND w.user_id = r.worker_id AND w.ended_at IS NULL
LEFT JOIN persons p ON p.network_id = r.network_id AND p.person_id = r.person_id
LEFT JOIN person_keys k ON k.network_id = p.network_id AND k.person_id = p.person_id;

-- What a referral's page shows beside the referral's own row.
CREATE VIEW referral_surroundings WITH (security_invoker = true) AS
SELECT r.network_id, r.referral_id, f.name AS from_name, f.kind AS from_kind, f.help_phone AS from_help_phone,
  (SELECT m.name FROM memberships m WHERE m.network_id = r.network_id AND m.organisation_id = r.from_organisation_id
     AND m.user_id = r.from_user_id ORDER BY m.ended_at DESC NULLS FIRST LIMIT 1) AS from_user_name,
  t.name AS to_name, t.kind AS to_kind, t.help_phone AS to_help_phone,
  w.membership_id AS worker_membership_id, w.name AS worker_name, w.roles AS worker_roles,
  CASE WHEN r.to_organisation_id = current_organisation() THEN r.unread_receiver
    WHEN r.from_organisation_id = current_organisation() THEN r.unread_sender ELSE 0 END AS unread,
  r.sealed_note, r.sealed_close_out
FROM referrals r
JOIN organisations f ON f.network_id = r.network_id AND f.organisation_id = r.from_organisation_id
JOIN organisations t ON t.network_id = r.network_id AND t.organisation_id = r.to_organisation_id
LEFT JOIN memberships w ON w.network_id = r.network_id AND w.organisation_id = r.to_organisation_id
  AND w.user_id = r.worker_id AND w.ended_at IS NULL;

-- People the acting organisation has unended access to, with the widest of it.
CREATE VIEW visible_persons WITH (security_invoker = true) AS
SELECT p.network_id, p.person_id, p.version, p.custodian_organisation_id, o.name AS custodian_name, o.kind AS custodian_kind,
  o.help_phone AS custodian_help_phone, p.sealed_identity, p.sealed_preferences, k.key_id, k.wrapped_key, a.level, a.basis
FROM persons p
JOIN person_keys k ON k.network_id = p.network_id AND k.person_id = p.person_id
JOIN organisations o ON o.network_id = p.network_id AND o.organisation_id = p.custodian_organisation_id
JOIN LATERAL (
  SELECT a.level, a.basis FROM person_access a
  WHERE a.network_id = p.network_id AND a.person_id = p.person_id
    AND a.organisation_id = current_organisation() AND a.ended_at IS NULL
  ORDER BY array_position(ARRAY['full', 'limited', 'identity'], a.level), a.began_at LIMIT 1
) a ON true;

CREATE VIEW person_summaries WITH (security_invoker = true) AS
SELECT p.network_id, p.person_id, p.sealed_identity, k.key_id, k.wrapped_key,
  (SELECT count(*) FROM referrals r WHERE r.network_id = p.network_id AND r.person_id = p.person_id
     AND r.due_at IS NOT NULL) AS open_referrals
FROM persons p
JOIN person_keys k ON k.network_id = p.network_id AND k.person_id = p.person_id;

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

CREATE VIEW contact_entries WITH (security_invoker = true) AS
SELECT c.*, (SELECT m.name FROM memberships m WHERE m.network_id = c.network_id AND m.organisation_id = c.organisation_id
  AND m.user_id = c.user_id ORDER BY m.ended_at DESC NULLS FIRST LIMIT 1) AS worker_name
FROM contacts c;

CREATE VIEW service_entries WITH (security_invoker = true) AS
SELECT s.network_id, s.service_id, s.organisation_id, s.name, s.description, s.status, s.area, s.latitude, s.longitude,
  s.cost, s.step_free, s.online, s.languages, s.intake, s.targets, s.capacity_state, s.capacity_as_of, s.places,
  s.source, s.source_id, s.version, s.needs, s.search, coalesce(p.taken, 0) AS taken,
  o.name AS organisation_name, o.kind AS organisation_kind, o.help_phone AS organisation_help_phone,
  n.capacity_interval_days
FROM services s
JOIN organisations o ON o.network_id = s.network_id AND o.organisation_id = s.organisation_id
JOIN networks n ON n.network_id = s.network_id
LEFT JOIN service_places p ON p.network_id = s.network_id AND p.service_id = s.service_id;

CREATE VIEW member_entries WITH (security_invoker = true) AS
SELECT m.network_id, m.membership_id, m.user_id, m.organisation_id, m.roles, m.name, o.name AS organisation_name,
  o.kind AS organisation_kind, o.help_phone AS organisation_help_phone
FROM memberships m
LEFT JOIN organisations o ON o.network_id = m.network_id AND o.organisation_id = m.organisation_id
WHERE m.ended_at IS NULL;

GRANT SELECT ON caseload, worklist_items, worklist_marks, referral_summaries, referral_surroundings, visible_persons,
  person_summaries, timeline_entries, contact_entries, service_entries, member_entries TO trellis_app;
