DROP POLICY tasks_owner ON tasks;
DROP FUNCTION closing_outlook(uuid, uuid, timestamptz);
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
