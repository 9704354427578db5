ALTER TABLE organisations ADD COLUMN postcode text;

-- An organisation keeps its own name and how it is reached; whether it is let in is the network's to say.
CREATE POLICY organisations_own ON organisations FOR UPDATE TO trellis_app
  USING (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation())
    AND suspended_at IS NULL AND closed_at IS NULL)
  WITH CHECK (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation())
    AND suspended_at IS NULL AND closed_at IS NULL);

-- What an organisation has signed. Kept by whoever coordinates the network, seen by the organisation too.
CREATE TABLE agreements (
  network_id uuid NOT NULL REFERENCES networks,
  agreement_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  kind text NOT NULL,
  version text NOT NULL,
  agreed_on date NOT NULL,
  ends_on date,
  kept_at timestamptz NOT NULL,
  kept_by uuid,
  PRIMARY KEY (network_id, agreement_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  CHECK (ends_on >= agreed_on)
);
CREATE INDEX agreements_end ON agreements (network_id, organisation_id, ends_on);
ALTER TABLE agreements ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY agreements_read ON agreements FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network())
    AND ((SELECT current_organisation()) IS NULL OR organisation_id = (SELECT current_organisation())));
CREATE POLICY agreements_keep ON agreements FOR INSERT TO trellis_app
  WITH CHECK (network_id = (SELECT current_network()) AND (SELECT current_organisation()) IS NULL);
GRANT SELECT, INSERT ON agreements TO trellis_app;

-- What still depends on an organisation, as counts. Whoever coordinates the network sees no person and no referral, and
-- must know whether anybody would be left behind.
CREATE FUNCTION organisation_burden(the_organisation uuid)
RETURNS TABLE (people bigint, asked bigint, taken bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF current_organisation() IS NOT NULL THEN
    RAISE EXCEPTION 'only a role of the network counts what depends on an organisation' USING ERRCODE = 'TR004';
  END IF;
  RETURN QUERY SELECT
    (SELECT count(DISTINCT a.person_id) FROM person_access a WHERE a.network_id = current_network()
       AND a.organisation_id = the_organisation AND a.basis = 'custodian' AND a.ended_at IS NULL),
    (SELECT count(*) FROM referrals r WHERE r.network_id = current_network()
       AND r.from_organisation_id = the_organisation AND r.due_at IS NOT NULL),
    (SELECT count(*) FROM referrals r WHERE r.network_id = current_network()
       AND r.to_organisation_id = the_organisation AND r.from_organisation_id <> the_organisation
       AND r.stage <> 'draft' AND r.due_at IS NOT NULL);
END $$;
REVOKE ALL ON FUNCTION organisation_burden(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organisation_burden(uuid) TO trellis_app;
