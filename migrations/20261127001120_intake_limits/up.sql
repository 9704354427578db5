-- How many requests reached a service since then: from everybody, and from whoever asks. One organisation cannot see
-- another's requests, and learns from this no more than whether there is room.
CREATE INDEX referrals_intake ON referrals (network_id, service_id, sent_at) WHERE sent_at IS NOT NULL;

CREATE FUNCTION sent_since(the_service uuid, the_referral uuid, since timestamptz) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY[count(*), count(*) FILTER (WHERE r.from_organisation_id = current_organisation())]
    FROM referrals r
   WHERE r.network_id = current_network() AND r.service_id = the_service AND r.sent_at >= since
     AND r.referral_id <> the_referral AND r.stage NOT IN ('cancelled', 'withdrawn')
$$;
REVOKE ALL ON FUNCTION sent_since(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sent_since(uuid, uuid, timestamptz) TO trellis_app;
