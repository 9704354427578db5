-- Emergency openings ("break-glass"): a worker opens a record to which their organisation has no way, with a written
-- reason, for at most a day; the custodian's privacy officers are told and review it.
ALTER TABLE person_access ADD COLUMN until timestamptz;
-- Those that a later version left behind when it was taken back. The owner sees no row while row-level security is forced.
ALTER TABLE person_access NO FORCE ROW LEVEL SECURITY;
UPDATE person_access SET until = coalesce(ended_at, began_at) WHERE basis = 'break_glass';
ALTER TABLE person_access FORCE ROW LEVEL SECURITY;
ALTER TABLE person_access ADD CONSTRAINT person_access_until CHECK ((basis = 'break_glass') = (until IS NOT NULL));

-- The instant of the operation; the database's own for whoever does not say it (a server of the version before).
CREATE FUNCTION current_instant() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now()) $$;

-- What has run out is not there: whoever looks for access, in a policy or in a view, does not find it, whether or not a
-- worker has written its end yet.
ALTER POLICY person_access_read ON person_access
  USING (network_id = (SELECT current_network())
    AND (until IS NULL OR until > (SELECT current_instant()))
    AND (organisation_id = (SELECT current_organisation())
      OR custodian_organisation_id = (SELECT current_organisation())
      OR EXISTS (SELECT 1 FROM referrals r WHERE r.network_id = person_access.network_id
        AND r.referral_id = person_access.referral_id
        AND (SELECT current_organisation()) IN (r.from_organisation_id, r.parent_organisation_id, r.asker_organisation_id))));

CREATE TABLE emergency_openings (
  network_id uuid NOT NULL,
  opening_id uuid NOT NULL,
  person_id uuid NOT NULL,
  custodian_organisation_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  user_id uuid NOT NULL,
  access_id uuid NOT NULL,
  -- In the worker's own words, under the person's key.
  sealed_reason bytea,
  opened_at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  closed_at timestamptz,
  reviewed_at timestamptz,
  reviewed_by uuid,
  verdict text CHECK (verdict IN ('justified', 'not_justified', 'to_follow_up')),
  PRIMARY KEY (network_id, opening_id),
  FOREIGN KEY (network_id, person_id) REFERENCES persons ON DELETE CASCADE,
  FOREIGN KEY (network_id, access_id) REFERENCES person_access,
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  FOREIGN KEY (network_id, custodian_organisation_id) REFERENCES organisations,
  CHECK (until > opened_at AND until <= opened_at + interval '24 hours'),
  CHECK (num_nonnulls(reviewed_at, reviewed_by, verdict) IN (0, 3))
);
CREATE INDEX emergency_openings_custodian ON emergency_openings
  (network_id, custodian_organisation_id, opened_at DESC, opening_id DESC);
CREATE INDEX emergency_openings_organisation ON emergency_openings
  (network_id, organisation_id, opened_at DESC, opening_id DESC);

ALTER TABLE emergency_openings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY emergency_openings_read ON emergency_openings FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network())
    AND (organisation_id = (SELECT current_organisation())
      OR custodian_organisation_id = (SELECT current_organisation())));
CREATE POLICY emergency_openings_change ON emergency_openings FOR UPDATE TO trellis_app
  USING (network_id = (SELECT current_network())
    AND (organisation_id = (SELECT current_organisation())
      OR custodian_organisation_id = (SELECT current_organisation())))
  WITH CHECK (network_id = (SELECT current_network()));
GRANT SELECT ON emergency_openings TO trellis_app;
GRANT UPDATE (sealed_reason, closed_at, reviewed_at, reviewed_by, verdict) ON emergency_openings TO trellis_app;

-- No reason, no opening: the reason is sealed with a key that can be read only once the record is open, so that it is
-- there is asked when the transaction ends.
CREATE FUNCTION assert_emergency_reason() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM emergency_openings
    WHERE network_id = NEW.network_id AND opening_id = NEW.opening_id AND sealed_reason IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an emergency opening needs a reason' USING ERRCODE = 'TR004';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER emergency_openings_reason AFTER INSERT ON emergency_openings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_emergency_reason();

-- The only way: it answers nothing without leaving its row. A record that is open to the organisation already is not
-- opened again.
CREATE FUNCTION open_in_emergency(the_opening uuid, the_access uuid, the_nhs_number bytea, the_likeness bytea,
  the_user uuid, the_end timestamptz)
RETURNS TABLE (person_id uuid, custodian_organisation_id uuid, opened boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  network uuid := current_network();
  ours uuid := current_organisation();
  at timestamptz := current_instant();
  who persons;
BEGIN
  IF ours IS NULL OR num_nonnulls(the_nhs_number, the_likeness) <> 1 THEN
    RAISE EXCEPTION 'an emergency opening names one person' USING ERRCODE = 'TR004';
  END IF;
  -- Somebody may be registered with two organisations: first what is out of reach, then what was written last.
  SELECT p.* INTO who FROM persons p
    WHERE p.network_id = network
      AND (p.nhs_number_index = the_nhs_number OR p.match_index = the_likeness)
    ORDER BY EXISTS (SELECT FROM person_access a
        WHERE a.network_id = network AND a.person_id = p.person_id AND a.organisation_id = ours AND a.ended_at IS NULL
          AND (a.until IS NULL OR a.until > at)),
      p.created_at DESC, p.person_id DESC LIMIT 1;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM 1 FROM person_access a
    WHERE a.network_id = network AND a.person_id = who.person_id AND a.organisation_id = ours
      AND a.ended_at IS NULL AND (a.until IS NULL OR a.until > at);
  IF FOUND THEN
    RETURN QUERY SELECT who.person_id, who.custodian_organisation_id, false;
    RETURN;
  END IF;
  INSERT INTO person_access (network_id, access_id, person_id, organisation_id, custodian_organisation_id, basis,
      level, began_at, until)
    VALUES (network, the_access, who.person_id, ours, who.custodian_organisation_id, 'break_glass', 'full', at,
      the_end);
  INSERT INTO emergency_openings (network_id, opening_id, person_id, custodian_organisation_id, organisation_id,
      user_id, access_id, opened_at, until)
    VALUES (network, the_opening, who.person_id, who.custodian_organisation_id, ours, the_user, the_access, at,
      the_end);
  RETURN QUERY SELECT who.person_id, who.custodian_organisation_id, true;
END $$;

-- Who helps the person now, with the risk that they know of: for whoever has opened the record in an emergency.
CREATE FUNCTION helping_in_emergency(the_person uuid)
RETURNS TABLE (organisation_name text, help_phone text, service_name text, stage text, risk text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM 1 FROM person_access a
    WHERE a.network_id = current_network() AND a.person_id = the_person AND a.organisation_id = current_organisation()
      AND a.basis = 'break_glass' AND a.ended_at IS NULL AND a.until > current_instant();
  IF NOT FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT o.name, o.help_phone, s.name, r.stage, r.risk
    FROM referrals r
    JOIN organisations o ON o.network_id = r.network_id AND o.organisation_id = r.to_organisation_id
    JOIN services s ON s.network_id = r.network_id AND s.service_id = r.service_id
    WHERE r.network_id = current_network() AND r.person_id = the_person AND r.due_at IS NOT NULL
      AND r.sent_at IS NOT NULL
    ORDER BY r.sent_at DESC, r.referral_id DESC LIMIT 50;
END $$;

-- The definer is subject to forced row-level security too: it is let in by name.
DO $$ BEGIN
  EXECUTE format('CREATE POLICY services_owner ON services FOR SELECT TO %I USING (true)', current_user);
  EXECUTE format('CREATE POLICY person_access_emergency ON person_access FOR INSERT TO %I WITH CHECK (basis = ''break_glass'')',
    current_user);
  EXECUTE format('CREATE POLICY emergency_openings_owner ON emergency_openings FOR SELECT TO %I USING (true)', current_user);
  EXECUTE format('CREATE POLICY emergency_openings_owner_open ON emergency_openings FOR INSERT TO %I WITH CHECK (true)',
    current_user);
END $$;
REVOKE ALL ON FUNCTION assert_emergency_reason(), open_in_emergency(uuid, uuid, bytea, bytea, uuid, timestamptz),
  helping_in_emergency(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_in_emergency(uuid, uuid, bytea, bytea, uuid, timestamptz), helping_in_emergency(uuid)
  TO trellis_app;

-- A decision is not withdrawn by way of an emergency: that is for reading.
CREATE OR REPLACE FUNCTION assert_withdrawn_here(the_decision uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM decisions d
    JOIN person_access a ON a.network_id = d.network_id AND a.person_id = d.person_id
   WHERE d.network_id = current_network() AND d.decision_id = the_decision
     AND d.withdrawn_at IS NOT NULL AND d.xmin = pg_current_xact_id()::xid
     AND a.organisation_id = current_organisation() AND a.ended_at IS NULL AND a.basis <> 'break_glass'
     AND (a.level = 'full' OR d.recorded_for = a.organisation_id);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the decision was not withdrawn in this transaction' USING ERRCODE = 'TR003';
  END IF;
END $$;

-- With what is open without an emergency.
CREATE OR REPLACE VIEW visible_persons WITH (security_invoker = true) AS
SELECT p.network_id, p.person_id, p.version, p.custodian_organisation_id, o.name AS custodian_name, o.kind AS custodian_kind,
  o.help_phone AS custodian_help_phone, p.sealed_identity, p.sealed_preferences, k.key_id, k.wrapped_key, a.level, a.basis,
  (SELECT g.level FROM person_access g
    WHERE g.network_id = p.network_id AND g.person_id = p.person_id AND g.organisation_id = current_organisation()
      AND g.ended_at IS NULL AND g.basis <> 'break_glass'
    ORDER BY array_position(ARRAY['full', 'limited', 'identity'], g.level) LIMIT 1) AS granted
FROM persons p
JOIN person_keys k ON k.network_id = p.network_id AND k.person_id = p.person_id
JOIN organisations o ON o.network_id = p.network_id AND o.organisation_id = p.custodian_organisation_id
JOIN LATERAL (
  SELECT a.level, a.basis FROM person_access a
  WHERE a.network_id = p.network_id AND a.person_id = p.person_id
    AND a.organisation_id = current_organisation() AND a.ended_at IS NULL
  ORDER BY array_position(ARRAY['full', 'limited', 'identity'], a.level), a.began_at LIMIT 1
) a ON true;
