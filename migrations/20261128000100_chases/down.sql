DROP POLICY tasks_owner_over ON tasks;
DROP POLICY referral_chases_owner ON referral_chases;
CREATE OR REPLACE FUNCTION record_write(document jsonb) RETURNS void LANGUAGE plpgsql AS $$
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
        referral_id, subject_id, person_id, link_id, created_at, next_try_at)
      SELECT network, m.message_id, m.organisation_id, current_organisation(), m.user_id, m.template,
        m.referral_id, m.subject_id, m.person_id, m.link_id, m.created_at, m.created_at
      FROM jsonb_to_recordset(document -> 'messages') AS m (message_id uuid, organisation_id uuid, user_id uuid,
        template text, referral_id uuid, subject_id uuid, person_id uuid, link_id uuid, created_at timestamptz)
      ON CONFLICT (network_id, organisation_id, user_id, subject_id) WHERE template = 'organisation_closed' DO NOTHING;
    PERFORM pg_notify('trellis_outbox', '');
  END IF;
END $$;
DROP INDEX tasks_open_about;
DROP FUNCTION end_tasks_about(uuid, text[], timestamptz, uuid);
DROP FUNCTION overdue_referrals(timestamptz, timestamptz, uuid, integer);
DROP INDEX referrals_due;
DROP TABLE referral_chases;
