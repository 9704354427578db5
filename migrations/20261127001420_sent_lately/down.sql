CREATE OR REPLACE FUNCTION sent_since(the_service uuid, the_referral uuid, since timestamptz) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY[count(*), count(*) FILTER (WHERE r.from_organisation_id = current_organisation())]
    FROM referrals r
   WHERE r.network_id = current_network() AND r.service_id = the_service AND r.sent_at >= since
     AND r.referral_id <> the_referral AND r.stage NOT IN ('cancelled', 'withdrawn')
$$;
DROP INDEX referrals_intake;
CREATE INDEX referrals_intake ON referrals (network_id, service_id, sent_at) WHERE sent_at IS NOT NULL;
ALTER TABLE referrals DROP COLUMN last_sent_at;
