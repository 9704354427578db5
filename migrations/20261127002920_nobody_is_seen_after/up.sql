-- An organisation that has closed sees nobody any more, once all of what it held is settled: not whom it helped before either.
CREATE FUNCTION end_access_of_closed(the_organisation uuid, the_instant timestamptz, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF current_organisation() IS NOT NULL THEN
    RAISE EXCEPTION 'only a role of the network ends what a closed organisation sees' USING ERRCODE = 'TR004';
  END IF;
  UPDATE person_access a SET ended_at = the_instant, end_reason = why
    FROM organisations o
    WHERE o.network_id = current_network() AND o.organisation_id = the_organisation AND o.closed_at IS NOT NULL
      AND a.network_id = o.network_id AND a.organisation_id = o.organisation_id AND a.ended_at IS NULL;
END $$;
REVOKE ALL ON FUNCTION end_access_of_closed(uuid, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_access_of_closed(uuid, timestamptz, text) TO trellis_app;
