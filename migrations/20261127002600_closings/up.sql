-- An organisation that has closed, for as long as its open referrals are passed on, and after. It is shut from the first
-- instant (`organisations.closed_at`); this says to whom it leaves what it held, and when the last of it was settled.
CREATE TABLE closings (
  network_id uuid NOT NULL REFERENCES networks,
  organisation_id uuid NOT NULL,
  successor_id uuid,
  closed_at timestamptz NOT NULL,
  closed_by uuid,
  -- The worker looks again from here on. Moved forward as a lease while somebody works on it.
  next_try_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (network_id, organisation_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  FOREIGN KEY (network_id, successor_id) REFERENCES organisations,
  CHECK (successor_id <> organisation_id)
);
CREATE INDEX closings_due ON closings (next_try_at) WHERE finished_at IS NULL;

-- What was closed before there was anything to pass on has left nothing behind.
INSERT INTO closings (network_id, organisation_id, closed_at, next_try_at, finished_at)
  SELECT network_id, organisation_id, closed_at, closed_at, closed_at FROM organisations WHERE closed_at IS NOT NULL;

ALTER TABLE closings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY closings_app ON closings TO trellis_app
  USING (network_id = (SELECT current_network()) AND (SELECT current_organisation()) IS NULL)
  WITH CHECK (network_id = (SELECT current_network()) AND (SELECT current_organisation()) IS NULL);
-- The worker's queue, across tenants: ids only.
CREATE POLICY closings_platform ON closings TO trellis_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON closings TO trellis_app;
GRANT UPDATE (successor_id, next_try_at, finished_at) ON closings TO trellis_app;
GRANT SELECT ON closings TO trellis_platform;
GRANT UPDATE (next_try_at) ON closings TO trellis_platform;

-- A closing organisation writes one request in another's name: to its successor, for what it held itself, and in the name
-- of whoever had asked it, so that an answer reaches them. What nobody else knew of is asked in the successor's own name.
CREATE FUNCTION hands_over(the_origin uuid, the_sender uuid, the_receiver uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM referrals r
    JOIN closings c ON c.network_id = r.network_id AND c.organisation_id = r.to_organisation_id
   WHERE r.network_id = current_network() AND r.referral_id = the_origin
     AND r.to_organisation_id = current_organisation() AND r.due_at IS NOT NULL
     AND c.successor_id = the_receiver AND c.finished_at IS NULL
     AND the_sender IN (r.from_organisation_id, c.successor_id))
$$;
REVOKE ALL ON FUNCTION hands_over(uuid, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hands_over(uuid, uuid, uuid) TO trellis_app;
CREATE POLICY referrals_hand_over ON referrals FOR INSERT TO trellis_app
  WITH CHECK (network_id = (SELECT current_network()) AND origin_id IS NOT NULL
    AND hands_over(origin_id, from_organisation_id, to_organisation_id));

-- What becomes of what is open, as counts. Whoever coordinates the network sees no person and no referral, and must know
-- before they close: what goes to a successor, what goes back, what stays, and whom nobody else would know of.
CREATE FUNCTION closing_outlook(the_organisation uuid, the_successor uuid, the_instant timestamptz)
RETURNS TABLE (people bigint, passed_on bigint, sent_back bigint, left_with_others bigint, dropped bigint, only_here bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF current_organisation() IS NOT NULL THEN
    RAISE EXCEPTION 'only a role of the network counts what depends on an organisation' USING ERRCODE = 'TR004';
  END IF;
  RETURN QUERY
  WITH successor AS (
    SELECT o.organisation_id, o.kind FROM organisations o
     WHERE o.network_id = current_network() AND o.organisation_id = the_successor
       AND EXISTS (SELECT FROM services s WHERE s.network_id = o.network_id AND s.organisation_id = o.organisation_id
         AND s.status = 'active' AND s.capacity_state NOT IN ('paused', 'closed'))
  ), open AS (
    SELECT r.to_organisation_id = the_organisation AS held,
      r.from_organisation_id <> the_organisation AND asker.closed_at IS NULL AS has_asker,
      r.stage IN ('accepted', 'active', 'on_hold') AS under_way,
      r.stage IN ('draft', 'returned') AS with_asker,
      EXISTS (SELECT FROM decisions d, successor
        WHERE d.network_id = r.network_id AND d.person_id = r.person_id AND d.purpose = 'referral'
          AND d.withdrawn_at IS NULL AND (d.ends_at IS NULL OR d.ends_at > the_instant)
          AND (d.recipient_organisation_id = successor.organisation_id OR d.recipient_kind = successor.kind
            OR num_nonnulls(d.recipient_organisation_id, d.recipient_kind) = 0)) AS covered
    FROM referrals r
    JOIN organisations asker ON asker.network_id = r.network_id AND asker.organisation_id = r.from_organisation_id
    WHERE r.network_id = current_network() AND r.due_at IS NOT NULL
      AND the_organisation IN (r.from_organisation_id, r.to_organisation_id)
  )
  SELECT
    (SELECT count(DISTINCT a.person_id) FROM person_access a WHERE a.network_id = current_network()
       AND a.organisation_id = the_organisation AND a.basis = 'custodian' AND a.ended_at IS NULL),
    count(*) FILTER (WHERE held AND NOT with_asker AND covered AND (under_way OR NOT has_asker)),
    count(*) FILTER (WHERE held AND NOT with_asker AND has_asker AND NOT (covered AND under_way)),
    count(*) FILTER (WHERE NOT held AND NOT with_asker),
    count(*) FILTER (WHERE with_asker AND NOT has_asker),
    count(*) FILTER (WHERE held AND NOT with_asker AND NOT has_asker AND NOT covered)
  FROM open;
END $$;
REVOKE ALL ON FUNCTION closing_outlook(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION closing_outlook(uuid, uuid, timestamptz) TO trellis_app;

-- The definer is subject to forced row-level security too: it is let in by name, to read.
DO $$ BEGIN
  EXECUTE format('CREATE POLICY closings_owner ON closings FOR SELECT TO %I USING (true)', current_user);
END $$;
