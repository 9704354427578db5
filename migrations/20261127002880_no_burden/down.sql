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
