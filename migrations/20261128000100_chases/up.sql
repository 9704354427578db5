-- How far a referral was chased, for the due time it had. With another due time it begins anew, so nothing that changes one has
-- to know of this.
CREATE TABLE referral_chases (
  network_id uuid NOT NULL,
  referral_id uuid NOT NULL,
  due_at timestamptz NOT NULL,
  step text NOT NULL CHECK (step IN ('owner', 'lead', 'sender')),
  -- Not before. Null: there is nobody left to tell.
  next_at timestamptz,
  PRIMARY KEY (network_id, referral_id),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals
);
-- What is late already, when this is installed, is known where it is: nobody's mailbox fills up with all of it at once. Who
-- waits for an answer hears of it tomorrow.
INSERT INTO referral_chases (network_id, referral_id, due_at, step, next_at)
  SELECT network_id, referral_id, due_at, 'lead', CASE WHEN stage IN ('sent', 'waitlisted') THEN now() + interval '1 day' END
  FROM referrals WHERE due_at <= now();
ALTER TABLE referral_chases ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
-- Whoever is party to the referral; who has it changes.
CREATE POLICY referral_chases_app ON referral_chases TO trellis_app
  USING (network_id = (SELECT current_network()) AND EXISTS (SELECT FROM referrals r
    WHERE r.network_id = referral_chases.network_id AND r.referral_id = referral_chases.referral_id))
  WITH CHECK (network_id = (SELECT current_network()) AND EXISTS (SELECT FROM referrals r
    WHERE r.network_id = referral_chases.network_id AND r.referral_id = referral_chases.referral_id));
GRANT SELECT, INSERT, UPDATE ON referral_chases TO trellis_app;

CREATE INDEX referrals_due ON referrals (due_at, referral_id) WHERE due_at IS NOT NULL;

-- What is overdue and whoever has it, or their lead, or whoever asked has not heard of it yet, across tenants: ids, in the order
-- in which they fell due. Of an organisation that is suspended only what somebody else waits for.
CREATE FUNCTION overdue_referrals(the_instant timestamptz, after_due timestamptz, after_referral uuid, most integer)
RETURNS TABLE (network_id uuid, referral_id uuid, owner_organisation_id uuid, due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.network_id, r.referral_id, r.owner_organisation_id, r.due_at
    FROM referrals r
    JOIN networks n ON n.network_id = r.network_id AND n.suspended_at IS NULL
    JOIN organisations o ON o.network_id = r.network_id AND o.organisation_id = r.owner_organisation_id
      AND o.closed_at IS NULL AND (o.suspended_at IS NULL OR (r.stage IN ('sent', 'waitlisted')
        AND r.from_organisation_id <> r.to_organisation_id AND (r.feedback <> 'nothing' OR r.parent_id IS NOT NULL)))
    LEFT JOIN referral_chases c ON c.network_id = r.network_id AND c.referral_id = r.referral_id
   WHERE r.due_at <= the_instant AND (after_due IS NULL OR (r.due_at, r.referral_id) > (after_due, after_referral))
     AND (c.due_at IS DISTINCT FROM r.due_at OR c.next_at <= the_instant)
   ORDER BY r.due_at, r.referral_id
   LIMIT most
$$;
REVOKE ALL ON FUNCTION overdue_referrals(timestamptz, timestamptz, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION overdue_referrals(timestamptz, timestamptz, uuid, integer) TO trellis_platform;

-- What a task asked for was done by acting on the referral: it is over, wherever it stands. By a party to the referral, or by
-- whoever has just changed it: a decision is taken back also where one is no party to what ran under it.
CREATE FUNCTION end_tasks_about(the_referral uuid, the_kinds text[], the_instant timestamptz, who uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE tasks t SET done_at = the_instant, done_by = who
    FROM referrals r
   WHERE r.network_id = current_network() AND r.referral_id = the_referral
     AND (r.xmin = pg_current_xact_id()::xid OR current_organisation() IN (r.from_organisation_id, r.to_organisation_id,
       r.parent_organisation_id, r.asker_organisation_id))
     AND t.network_id = r.network_id AND t.referral_id = r.referral_id AND t.kind = ANY (the_kinds) AND t.done_at IS NULL
$$;
REVOKE ALL ON FUNCTION end_tasks_about(uuid, text[], timestamptz, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_tasks_about(uuid, text[], timestamptz, uuid) TO trellis_app;
CREATE INDEX tasks_open_about ON tasks (network_id, referral_id) WHERE done_at IS NULL AND referral_id IS NOT NULL;

-- As before, and first what is over.
CREATE OR REPLACE FUNCTION record_write(document jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  network uuid := current_network();
BEGIN
  IF document ? 'over' THEN
    PERFORM end_tasks_about(t.referral_id, t.kinds, t.at, t.done_by)
      FROM jsonb_to_recordset(document -> 'over') AS t (referral_id uuid, kinds text[], at timestamptz, done_by uuid);
  END IF;
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

-- The definers are subject to forced row-level security too: to read, and to end.
DO $$ BEGIN
  EXECUTE format('CREATE POLICY referral_chases_owner ON referral_chases FOR SELECT TO %I USING (true)', current_user);
  EXECUTE format('CREATE POLICY tasks_owner_over ON tasks FOR UPDATE TO %I USING (done_at IS NULL)
    WITH CHECK (done_at IS NOT NULL)', current_user);
END $$;
