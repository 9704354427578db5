-- What the old keeper of a record has asked for goes along with it, so that somebody hears how it ends, can take it back and
-- can be asked. Before the record itself, by whoever keeps it until then, and no further than an offer that both have signed.
-- What it has not sent yet, or what came back to it, is held back with the whole record (see `waits_for_custodian`).
CREATE FUNCTION hand_over_requests(the_offer uuid, the_person uuid, the_referrals uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  network uuid := current_network();
  ours uuid := current_organisation();
  receiver uuid;
  gone bigint;
BEGIN
  PERFORM FROM persons WHERE network_id = network AND person_id = the_person AND custodian_organisation_id = ours;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  SELECT to_organisation_id INTO receiver FROM custody_offers
    WHERE network_id = network AND offer_id = the_offer AND from_organisation_id = ours AND stage = 'moving';
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  UPDATE referrals SET version = version + 1,
      from_organisation_id = CASE WHEN from_organisation_id = ours THEN receiver ELSE from_organisation_id END,
      from_user_id = CASE WHEN from_organisation_id = ours THEN NULL ELSE from_user_id END,
      asker_organisation_id = CASE WHEN asker_organisation_id = ours THEN receiver ELSE asker_organisation_id END,
      asker_user_id = CASE WHEN asker_organisation_id = ours THEN NULL ELSE asker_user_id END
    WHERE network_id = network AND referral_id = ANY (the_referrals) AND person_id = the_person
      AND ours IN (from_organisation_id, asker_organisation_id)
      AND sent_at IS NOT NULL AND NOT (from_organisation_id = ours AND stage IN ('draft', 'returned'));
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
REVOKE ALL ON FUNCTION hand_over_requests(uuid, uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hand_over_requests(uuid, uuid, uuid[]) TO trellis_app;

-- The definer is subject to forced row-level security too: from one side of such an offer to the other.
DO $$ BEGIN
  EXECUTE format('CREATE POLICY referrals_go_along ON referrals FOR UPDATE TO %I
    USING (EXISTS (SELECT FROM custody_offers o WHERE o.network_id = referrals.network_id AND o.stage = ''moving''
      AND o.from_organisation_id IN (referrals.from_organisation_id, referrals.asker_organisation_id)))
    WITH CHECK (EXISTS (SELECT FROM custody_offers o WHERE o.network_id = referrals.network_id AND o.stage = ''moving''
      AND o.to_organisation_id IN (referrals.from_organisation_id, referrals.asker_organisation_id)))', current_user);
END $$;
