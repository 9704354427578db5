-- A record changes hands. Each access names the custodian, who may see and end it, so it follows the record: also one that
-- is being opened at the same moment, which waits, and fails if it has named whoever was the custodian before.
ALTER TABLE persons ADD CONSTRAINT persons_custodian UNIQUE (network_id, person_id, custodian_organisation_id);
CREATE INDEX persons_kept ON persons (network_id, custodian_organisation_id, person_id);
CREATE INDEX person_access_history ON person_access (network_id, person_id);
ALTER TABLE person_access ADD CONSTRAINT person_access_custodian
  FOREIGN KEY (network_id, person_id, custodian_organisation_id)
  REFERENCES persons (network_id, person_id, custodian_organisation_id) ON UPDATE CASCADE ON DELETE CASCADE;
-- Somebody answers for each record, and nobody else.
CREATE UNIQUE INDEX person_access_one_custodian ON person_access (network_id, person_id)
  WHERE basis = 'custodian' AND ended_at IS NULL;

-- Whoever sees a person changes what is known of them, and never who answers for them.
REVOKE UPDATE ON persons FROM trellis_app;
GRANT UPDATE (version, sealed_identity, sealed_preferences, nhs_number_index, match_index) ON persons TO trellis_app;

-- Is there something about the person that only whoever answers for the record now can see to? An emergency opening that is
-- not reviewed, as its reason is read with the record, or that lasts; a request that is not sent yet, or came back; somebody
-- who is to be told something.
CREATE FUNCTION waits_for_custodian(the_network uuid, the_person uuid, the_custodian uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM emergency_openings e
      WHERE e.network_id = the_network AND e.person_id = the_person AND e.custodian_organisation_id = the_custodian
        AND (e.reviewed_at IS NULL OR (e.closed_at IS NULL AND e.until > current_instant())))
    OR EXISTS (SELECT FROM referrals r
      WHERE r.network_id = the_network AND r.person_id = the_person AND r.from_organisation_id = the_custodian
        AND (r.stage IN ('draft', 'returned') OR EXISTS (SELECT FROM tasks t
          WHERE t.network_id = r.network_id AND t.referral_id = r.referral_id AND t.organisation_id = the_custodian
            AND t.kind IN ('find_alternative', 'tell_person') AND t.done_at IS NULL)))
$$;

-- The only way: one record of an offer that both have signed, by whoever answers for it. What the receiver gets is in its
-- own audit, too. False: it is not offered, or has gone.
CREATE FUNCTION hand_over_record(the_offer uuid, the_person uuid, the_access uuid, the_audit uuid, the_request uuid)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  network uuid := current_network();
  ours uuid := current_organisation();
  at timestamptz := current_instant();
  receiver uuid;
BEGIN
  PERFORM 1 FROM persons WHERE network_id = network AND person_id = the_person AND custodian_organisation_id = ours;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE custody_offers SET moved = moved + 1
    WHERE network_id = network AND offer_id = the_offer AND from_organisation_id = ours AND stage = 'moving'
    RETURNING to_organisation_id INTO receiver;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE person_access SET ended_at = at, end_reason = 'handed over'
    WHERE network_id = network AND person_id = the_person AND organisation_id = ours AND basis = 'custodian'
      AND ended_at IS NULL;
  UPDATE persons SET custodian_organisation_id = receiver
    WHERE network_id = network AND person_id = the_person AND custodian_organisation_id = ours;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'somebody else answers for the record' USING ERRCODE = 'TR004';
  END IF;
  INSERT INTO person_access (network_id, access_id, person_id, organisation_id, custodian_organisation_id, basis, level,
      began_at)
    VALUES (network, the_access, the_person, receiver, receiver, 'custodian', 'full', at);
  INSERT INTO audit_entries (network_id, audit_id, at, organisation_id, actor_kind, request_id, action, kind, subject_id,
      person_id, result)
    VALUES (network, the_audit, at, receiver, 'job', the_request, 'custody.hand_over', 'person', the_person, the_person,
      'done');
  RETURN true;
END $$;

-- How many are left of an offer, and how many of them wait for something, to either side: numbers, before anybody is seen.
CREATE FUNCTION custody_left(the_offer uuid) RETURNS TABLE (people bigint, held bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*), count(*) FILTER (WHERE waits_for_custodian(p.network_id, p.person_id, p.custodian_organisation_id))
    FROM custody_offers o
    JOIN persons p ON p.network_id = o.network_id AND p.custodian_organisation_id = o.from_organisation_id
   WHERE o.network_id = current_network() AND o.offer_id = the_offer AND o.stage IN ('offered', 'moving')
     AND current_organisation() IN (o.from_organisation_id, o.to_organisation_id)
$$;

-- For whoever coordinates the network, who sees no person and no offer: to whom an organisation's records are to go, how far
-- that is, and how many others hand over theirs to it.
CREATE FUNCTION custody_outlook(the_organisation uuid) RETURNS TABLE (receiver_id uuid, moving boolean, coming bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF current_organisation() IS NOT NULL THEN
    RAISE EXCEPTION 'only a role of the network is told how far it is with records' USING ERRCODE = 'TR004';
  END IF;
  RETURN QUERY SELECT made.to_organisation_id, made.stage = 'moving',
      (SELECT count(*) FROM custody_offers o WHERE o.network_id = current_network()
         AND o.to_organisation_id = the_organisation AND o.stage = 'moving')
    FROM (SELECT 1) one
    LEFT JOIN custody_offers made ON made.network_id = current_network()
      AND made.from_organisation_id = the_organisation AND made.stage IN ('offered', 'moving');
END $$;
REVOKE ALL ON FUNCTION hand_over_record(uuid, uuid, uuid, uuid, uuid), custody_left(uuid), custody_outlook(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hand_over_record(uuid, uuid, uuid, uuid, uuid), custody_left(uuid), custody_outlook(uuid)
  TO trellis_app;

-- The definer is subject to forced row-level security too: it is let in by name, and no further than an offer that both
-- have signed.
DO $$ BEGIN
  EXECUTE format('CREATE POLICY custody_offers_owner ON custody_offers FOR SELECT TO %I USING (true)', current_user);
  EXECUTE format('CREATE POLICY custody_offers_owner_count ON custody_offers FOR UPDATE TO %I USING (stage = ''moving'')
    WITH CHECK (stage = ''moving'')', current_user);
  EXECUTE format('CREATE POLICY persons_hand_over ON persons FOR UPDATE TO %I
    USING (EXISTS (SELECT FROM custody_offers o WHERE o.network_id = persons.network_id AND o.stage = ''moving''
      AND o.from_organisation_id = persons.custodian_organisation_id))
    WITH CHECK (EXISTS (SELECT FROM custody_offers o WHERE o.network_id = persons.network_id AND o.stage = ''moving''
      AND o.to_organisation_id = persons.custodian_organisation_id))', current_user);
  EXECUTE format('CREATE POLICY person_access_hand_over ON person_access FOR INSERT TO %I
    WITH CHECK (basis = ''custodian'' AND organisation_id = custodian_organisation_id
      AND EXISTS (SELECT FROM custody_offers o WHERE o.network_id = person_access.network_id AND o.stage = ''moving''
        AND o.to_organisation_id = person_access.organisation_id))', current_user);
  EXECUTE format('CREATE POLICY audit_hand_over ON audit_entries FOR INSERT TO %I WITH CHECK (action = ''custody.hand_over'')',
    current_user);
END $$;
