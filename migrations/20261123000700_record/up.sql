-- What happened. Appended in the transaction of the act; codes and ids only; never changed.
CREATE TABLE events (
  network_id uuid NOT NULL,
  event_id uuid NOT NULL,
  at timestamptz NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  referral_id uuid,
  person_id uuid,
  audience uuid[] NOT NULL,
  organisation_id uuid,
  actor_kind text NOT NULL,
  actor_id uuid,
  reason text,
  facts jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (network_id, event_id)
);
CREATE INDEX events_referral ON events (network_id, referral_id, at DESC, event_id DESC);
CREATE INDEX events_person ON events (network_id, person_id, at DESC, event_id DESC);

CREATE TABLE audit_entries (
  network_id uuid NOT NULL,
  audit_id uuid NOT NULL,
  at timestamptz NOT NULL,
  organisation_id uuid,
  actor_kind text NOT NULL,
  actor_id uuid,
  membership_id uuid,
  request_id uuid NOT NULL,
  action text NOT NULL,
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  person_id uuid,
  -- Whose names a list showed: one entry for the whole page.
  person_ids uuid[],
  result text NOT NULL CHECK (result IN ('done', 'read', 'refused')),
  reason text,
  PRIMARY KEY (network_id, audit_id)
);
CREATE INDEX audit_person ON audit_entries (network_id, organisation_id, person_id, at DESC) WHERE person_id IS NOT NULL;
CREATE INDEX audit_persons ON audit_entries USING gin (person_ids) WHERE person_ids IS NOT NULL;
CREATE INDEX audit_time ON audit_entries (network_id, organisation_id, at DESC);

CREATE TABLE outbox (
  network_id uuid NOT NULL,
  message_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  from_organisation_id uuid,
  user_id uuid,
  template text NOT NULL,
  template_version smallint NOT NULL DEFAULT 1,
  referral_id uuid,
  person_id uuid,
  link_id uuid,
  created_at timestamptz NOT NULL,
  next_try_at timestamptz NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'stopped', 'dead')),
  settled_at timestamptz,
  last_error text,
  PRIMARY KEY (network_id, message_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations
);
CREATE INDEX outbox_due ON outbox (next_try_at) WHERE status = 'queued';
CREATE INDEX outbox_person ON outbox (network_id, person_id, organisation_id) WHERE status = 'queued';

-- A provider's link: the token in the mail is made from the id and a key that is not in the database.
CREATE TABLE links (
  network_id uuid NOT NULL,
  link_id uuid NOT NULL UNIQUE,
  organisation_id uuid NOT NULL,
  referral_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  spent_at timestamptz,
  -- A six-digit code that verifies a device after acceptance: its hash, its end, and the tries made.
  code_hash bytea,
  code_expires_at timestamptz,
  code_tries smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (network_id, link_id),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals
);

-- Devices that a provider has shown to be theirs with a code.
CREATE TABLE link_devices (
  network_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, organisation_id, secret_hash)
);

CREATE TABLE tasks (
  network_id uuid NOT NULL,
  task_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  user_id uuid,
  kind text NOT NULL,
  referral_id uuid,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  done_at timestamptz,
  done_by uuid,
  PRIMARY KEY (network_id, task_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations
);
CREATE INDEX tasks_open ON tasks (network_id, organisation_id, due_at, task_id) WHERE done_at IS NULL;

CREATE TABLE idempotency_keys (
  network_id uuid NOT NULL,
  actor_id uuid NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 8 AND 200),
  request_hash bytea NOT NULL,
  subject_id uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, actor_id, key)
);
CREATE INDEX idempotency_age ON idempotency_keys (created_at);

ALTER TABLE events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY events_append ON events FOR INSERT TO trellis_app
  WITH CHECK (network_id = (SELECT current_network())
    AND organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()));
CREATE POLICY events_read ON events FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network()) AND (SELECT current_organisation()) = ANY (audience));

ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_append ON audit_entries FOR INSERT TO trellis_app
  WITH CHECK (network_id = (SELECT current_network())
    AND organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()));
CREATE POLICY audit_read ON audit_entries FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network())
    AND organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()));

-- A message goes to another organisation, so it is written for others and read by both.
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY outbox_append ON outbox FOR INSERT TO trellis_app
  WITH CHECK (network_id = (SELECT current_network())
    AND from_organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()));
CREATE POLICY outbox_read ON outbox FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network())
    AND (organisation_id = (SELECT current_organisation()) OR from_organisation_id = (SELECT current_organisation())));
CREATE POLICY outbox_stop ON outbox FOR UPDATE TO trellis_app
  USING (network_id = (SELECT current_network())
    AND (organisation_id = (SELECT current_organisation()) OR from_organisation_id = (SELECT current_organisation())))
  WITH CHECK (network_id = (SELECT current_network()));
CREATE POLICY outbox_platform ON outbox TO trellis_platform USING (true) WITH CHECK (true);

ALTER TABLE links ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY links_append ON links FOR INSERT TO trellis_app WITH CHECK (network_id = (SELECT current_network()));
CREATE POLICY links_use ON links TO trellis_app
  USING (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()))
  WITH CHECK (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()));
CREATE POLICY links_platform ON links FOR SELECT TO trellis_platform USING (true);

ALTER TABLE link_devices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY link_devices_app ON link_devices TO trellis_app
  USING (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()))
  WITH CHECK (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()));

ALTER TABLE tasks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tasks_append ON tasks FOR INSERT TO trellis_app WITH CHECK (network_id = (SELECT current_network()));
CREATE POLICY tasks_use ON tasks TO trellis_app
  USING (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()))
  WITH CHECK (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()));

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_app ON idempotency_keys TO trellis_app
  USING (network_id = (SELECT current_network()) AND actor_id = (SELECT current_actor()))
  WITH CHECK (network_id = (SELECT current_network()) AND actor_id = (SELECT current_actor()));

GRANT SELECT, INSERT ON events, audit_entries TO trellis_app;
GRANT SELECT, INSERT, UPDATE ON links, tasks TO trellis_app;
GRANT SELECT, INSERT ON outbox TO trellis_app;
GRANT UPDATE (status, settled_at) ON outbox TO trellis_app;
GRANT SELECT, INSERT, DELETE ON link_devices TO trellis_app;
GRANT SELECT, INSERT, UPDATE ON idempotency_keys TO trellis_app;
GRANT SELECT ON links TO trellis_platform;
GRANT SELECT, UPDATE ON outbox TO trellis_platform;

-- The record of one write, as one statement: events, audit entries, tasks, links and messages from one document.
CREATE FUNCTION record_write(document jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  network uuid := current_network();
BEGIN
  INSERT INTO events (network_id, event_id, at, name, kind, subject_id, referral_id, person_id, audience,
      organisation_id, actor_kind, actor_id, reason, facts)
    SELECT network, e.event_id, e.at, e.name, e.kind, e.subject_id, e.referral_id, e.person_id, e.audience,
      current_organisation(), e.actor_kind, e.actor_id, e.reason, coalesce(e.facts, '{}')
    FROM jsonb_to_recordset(document -> 'events') AS e (event_id uuid, at timestamptz, name text, kind text,
      subject_id uuid, referral_id uuid, person_id uuid, audience uuid[], actor_kind text, actor_id uuid,
      reason text, facts jsonb);
  INSERT INTO audit_entries (network_id, audit_id, at, organisation_id, actor_kind, actor_id, membership_id,
      request_id, action, kind, subject_id, person_id, person_ids, result, reason)
    SELECT network, a.audit_id, a.at, current_organisation(), a.actor_kind, a.actor_id, a.membership_id,
      a.request_id, a.action, a.kind, a.subject_id, a.person_id, a.person_ids, a.result, a.reason
    FROM jsonb_to_recordset(document -> 'audit') AS a (audit_id uuid, at timestamptz, actor_kind text, actor_id uuid,
      membership_id uuid, request_id uuid, action text, kind text, subject_id uuid, person_id uuid, person_ids uuid[],
      result text, reason text);
  IF document ? 'tasks' THEN
    INSERT INTO tasks (network_id, task_id, organisation_id, user_id, kind, referral_id, created_at, due_at)
      SELECT network, t.task_id, t.organisation_id, t.user_id, t.kind, t.referral_id, t.created_at, t.due_at
      FROM jsonb_to_recordset(document -> 'tasks') AS t (task_id uuid, organisation_id uuid, user_id uuid, kind text,
        referral_id uuid, created_at timestamptz, due_at timestamptz);
  END IF;
  IF document ? 'links' THEN
    INSERT INTO links (network_id, link_id, organisation_id, referral_id, created_at, expires_at)
      SELECT network, l.link_id, l.organisation_id, l.referral_id, l.created_at, l.expires_at
      FROM jsonb_to_recordset(document -> 'links') AS l (link_id uuid, organisation_id uuid, referral_id uuid,
        created_at timestamptz, expires_at timestamptz);
  END IF;
  IF document ? 'messages' THEN
    INSERT INTO outbox (network_id, message_id, organisation_id, from_organisation_id, user_id, template,
        referral_id, person_id, link_id, created_at, next_try_at)
      SELECT network, m.message_id, m.organisation_id, current_organisation(), m.user_id, m.template,
        m.referral_id, m.person_id, m.link_id, m.created_at, m.created_at
      FROM jsonb_to_recordset(document -> 'messages') AS m (message_id uuid, organisation_id uuid, user_id uuid,
        template text, referral_id uuid, person_id uuid, link_id uuid, created_at timestamptz);
    PERFORM pg_notify('trellis_outbox', '');
  END IF;
END $$;
