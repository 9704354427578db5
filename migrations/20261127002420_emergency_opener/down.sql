DROP FUNCTION end_emergency_access(uuid);
CREATE OR REPLACE FUNCTION helping_in_emergency(the_person uuid)
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

CREATE OR REPLACE FUNCTION open_in_emergency(the_opening uuid, the_access uuid, the_nhs_number bytea, the_likeness bytea,
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

ALTER POLICY person_access_read ON person_access
  USING (network_id = (SELECT current_network())
    AND (until IS NULL OR until > (SELECT current_instant()))
    AND (organisation_id = (SELECT current_organisation())
      OR custodian_organisation_id = (SELECT current_organisation())
      OR EXISTS (SELECT 1 FROM referrals r WHERE r.network_id = person_access.network_id
        AND r.referral_id = person_access.referral_id
        AND (SELECT current_organisation()) IN (r.from_organisation_id, r.parent_organisation_id, r.asker_organisation_id))));
ALTER TABLE person_access DROP COLUMN user_id;
