-- Whoever withdraws a decision for a person closes all that runs under it, also between organisations of which the one
-- who withdraws sees nothing. Row-level security stays as narrow as it is: these functions answer for one decision only,
-- one that the acting organisation may withdraw and has withdrawn in this very transaction, and all they write is an end.
CREATE FUNCTION assert_withdrawn_here(the_decision uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM decisions d
    JOIN person_access a ON a.network_id = d.network_id AND a.person_id = d.person_id
   WHERE d.network_id = current_network() AND d.decision_id = the_decision
     AND d.withdrawn_at IS NOT NULL AND d.xmin = pg_current_xact_id()::xid
     AND a.organisation_id = current_organisation() AND a.ended_at IS NULL
     AND (a.level = 'full' OR d.recorded_for = a.organisation_id);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the decision was not withdrawn in this transaction' USING ERRCODE = 'TR003';
  END IF;
END $$;

-- In the order of the services, so that two withdrawals free places in the same order. What is sealed stays behind.
CREATE FUNCTION lock_referrals_under(the_decision uuid) RETURNS SETOF referrals
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  r referrals;
BEGIN
  PERFORM assert_withdrawn_here(the_decision);
  FOR r IN SELECT * FROM referrals
    WHERE network_id = current_network() AND decision_id = the_decision AND due_at IS NOT NULL
    ORDER BY service_id, referral_id FOR UPDATE
  LOOP
    r.sealed_note := NULL;
    r.sealed_close_out := NULL;
    RETURN NEXT r;
  END LOOP;
END $$;

-- False: somebody else changed it first. `is_news`: the person lets whoever asked hear of it.
CREATE FUNCTION take_back_referral(the_decision uuid, the_referral uuid, the_version integer, at timestamptz, is_news boolean)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM assert_withdrawn_here(the_decision);
  UPDATE referrals r SET version = r.version + 1, stage = 'withdrawn', stage_since = at,
      stage_detail = jsonb_build_object('reason', 'decision'), due_at = NULL, owner_organisation_id = NULL, worker_id = NULL,
      next_step = NULL, unread_sender = r.unread_sender
        + (is_news AND r.from_organisation_id IS DISTINCT FROM current_organisation())::integer,
      unread_receiver = r.unread_receiver + (r.to_organisation_id IS DISTINCT FROM current_organisation())::integer
    WHERE r.network_id = current_network() AND r.decision_id = the_decision AND r.referral_id = the_referral
      AND r.version = the_version AND r.due_at IS NOT NULL;
  RETURN FOUND;
END $$;

-- What waits to be sent to the receivers of referrals under the decision.
CREATE FUNCTION stop_messages_under(the_decision uuid, at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  stopped integer;
BEGIN
  PERFORM assert_withdrawn_here(the_decision);
  UPDATE outbox o SET status = 'stopped', settled_at = at
    FROM decisions d JOIN referrals r ON r.network_id = d.network_id AND r.person_id = d.person_id
      AND r.decision_id = d.decision_id
    WHERE d.network_id = current_network() AND d.decision_id = the_decision
      AND o.network_id = r.network_id AND o.referral_id = r.referral_id AND o.organisation_id = r.to_organisation_id
      AND o.status = 'queued';
  GET DIAGNOSTICS stopped = ROW_COUNT;
  RETURN stopped;
END $$;

-- Also the access of referrals that are finished, and of whoever passed on what is now taken back. Custodians keep
-- theirs: no referral opened it.
CREATE FUNCTION end_access_under(the_decision uuid, at timestamptz, reason text)
RETURNS TABLE (organisation_id uuid, referral_id uuid, level text, began_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM assert_withdrawn_here(the_decision);
  RETURN QUERY UPDATE person_access a SET ended_at = at, end_reason = reason
    FROM decisions d JOIN referrals r ON r.network_id = d.network_id AND r.person_id = d.person_id
      AND r.decision_id = d.decision_id
    WHERE d.network_id = current_network() AND d.decision_id = the_decision
      AND a.network_id = r.network_id AND a.person_id = r.person_id AND a.ended_at IS NULL
      AND (a.referral_id = r.referral_id
        OR (a.referral_id = r.origin_id AND r.stage = 'withdrawn' AND r.stage_since = at))
    RETURNING a.organisation_id, a.referral_id, a.level, a.began_at;
END $$;

-- The definer is subject to forced row-level security too: it is let in by name, to read, and to write an end.
DO $$ BEGIN
  EXECUTE format('CREATE POLICY decisions_owner ON decisions FOR SELECT TO %I USING (true)', current_user);
  EXECUTE format('CREATE POLICY person_access_withdrawal ON person_access FOR SELECT TO %I USING (true)', current_user);
  EXECUTE format('CREATE POLICY person_access_withdrawal_end ON person_access FOR UPDATE TO %I USING (ended_at IS NULL)
    WITH CHECK (ended_at IS NOT NULL)', current_user);
  EXECUTE format('CREATE POLICY referrals_owner_end ON referrals FOR UPDATE TO %I USING (due_at IS NOT NULL)
    WITH CHECK (stage = ''withdrawn'')', current_user);
  EXECUTE format('CREATE POLICY outbox_owner ON outbox FOR SELECT TO %I USING (true)', current_user);
  EXECUTE format('CREATE POLICY outbox_owner_stop ON outbox FOR UPDATE TO %I USING (status = ''queued'')
    WITH CHECK (status = ''stopped'')', current_user);
END $$;

REVOKE ALL ON FUNCTION assert_withdrawn_here(uuid), lock_referrals_under(uuid),
  take_back_referral(uuid, uuid, integer, timestamptz, boolean), stop_messages_under(uuid, timestamptz),
  end_access_under(uuid, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_referrals_under(uuid), take_back_referral(uuid, uuid, integer, timestamptz, boolean),
  stop_messages_under(uuid, timestamptz), end_access_under(uuid, timestamptz, text) TO trellis_app;
