CREATE TABLE referrals (
  network_id uuid NOT NULL,
  referral_id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1,
  reference text NOT NULL,
  person_id uuid NOT NULL,
  from_organisation_id uuid NOT NULL,
  from_user_id uuid,
  to_organisation_id uuid NOT NULL,
  service_id uuid NOT NULL,
  parent_id uuid,
  parent_organisation_id uuid,
  origin_id uuid,
  decision_id uuid,
  route text NOT NULL,
  brief jsonb NOT NULL,
  feedback text NOT NULL,
  risk text NOT NULL,
  drafted_at timestamptz NOT NULL,
  sent_at timestamptz,
  stage text NOT NULL,
  stage_since timestamptz NOT NULL,
  stage_detail jsonb NOT NULL,
  due_at timestamptz,
  owner_organisation_id uuid,
  worker_id uuid,
  sealed_note bytea,
  sealed_close_out bytea,
  -- Kept by the writes, because every list shows them.
  latest_contact_at timestamptz,
  latest_contact_result text,
  unread_sender integer NOT NULL DEFAULT 0,
  unread_receiver integer NOT NULL DEFAULT 0,
  next_step text,
  PRIMARY KEY (network_id, referral_id),
  UNIQUE (network_id, reference),
  FOREIGN KEY (network_id, person_id) REFERENCES persons,
  FOREIGN KEY (network_id, from_organisation_id) REFERENCES organisations,
  FOREIGN KEY (network_id, to_organisation_id) REFERENCES organisations,
  FOREIGN KEY (network_id, service_id) REFERENCES services,
  FOREIGN KEY (network_id, parent_id) REFERENCES referrals,
  FOREIGN KEY (network_id, origin_id) REFERENCES referrals,
  FOREIGN KEY (network_id, decision_id) REFERENCES decisions,
  CHECK ((parent_id IS NULL) = (parent_organisation_id IS NULL)),
  -- No dead ends: somebody owns it and it is due, or it has ended for a coded reason.
  CONSTRAINT no_dead_end CHECK (
    CASE WHEN stage IN ('draft', 'sent', 'waitlisted', 'returned', 'accepted', 'active', 'on_hold')
      THEN due_at IS NOT NULL AND owner_organisation_id IS NOT NULL
      WHEN stage IN ('completed', 'ended', 'declined', 'withdrawn', 'cancelled', 'transferred')
      THEN due_at IS NULL AND owner_organisation_id IS NULL AND stage_detail ? 'reason'
      ELSE false END),
  -- Nothing goes out without a decision.
  CONSTRAINT sent_under_a_decision CHECK (
    stage NOT IN ('sent', 'waitlisted', 'accepted', 'active', 'on_hold', 'completed') OR decision_id IS NOT NULL)
);
CREATE INDEX referrals_caseload ON referrals (network_id, owner_organisation_id, worker_id, due_at, referral_id)
  WHERE due_at IS NOT NULL;
CREATE INDEX referrals_owner_due ON referrals (network_id, owner_organisation_id, due_at, referral_id)
  WHERE due_at IS NOT NULL;
CREATE INDEX referrals_sender ON referrals (network_id, from_organisation_id, drafted_at DESC, referral_id);
CREATE INDEX referrals_receiver ON referrals (network_id, to_organisation_id, drafted_at DESC, referral_id);
CREATE INDEX referrals_person ON referrals (network_id, person_id);
CREATE INDEX referrals_parent ON referrals (network_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX referrals_queue ON referrals (network_id, service_id, stage_since, referral_id) WHERE stage = 'waitlisted';
CREATE INDEX referrals_decision ON referrals (network_id, decision_id) WHERE due_at IS NOT NULL;

ALTER TABLE referrals ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
-- The sender, the receiver once it was sent, and the owner of the referral it came from.
CREATE POLICY referrals_app ON referrals TO trellis_app
  USING (network_id = (SELECT current_network())
    AND (from_organisation_id = (SELECT current_organisation())
      OR (to_organisation_id = (SELECT current_organisation()) AND sent_at IS NOT NULL)
      OR parent_organisation_id = (SELECT current_organisation())))
  WITH CHECK (network_id = (SELECT current_network())
    AND (from_organisation_id = (SELECT current_organisation())
      OR to_organisation_id = (SELECT current_organisation())
      OR parent_organisation_id = (SELECT current_organisation())));
GRANT SELECT, INSERT, UPDATE ON referrals TO trellis_app;

-- Access is opened by the custodian for itself, or by a receiver for itself under its own referral;
-- it is ended by the one who has it, by the custodian, and by the sender of the referral.
CREATE POLICY person_access_read ON person_access FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network())
    AND (organisation_id = (SELECT current_organisation())
      OR custodian_organisation_id = (SELECT current_organisation())
      OR EXISTS (SELECT 1 FROM referrals r WHERE r.network_id = person_access.network_id
        AND r.referral_id = person_access.referral_id
        AND r.from_organisation_id = (SELECT current_organisation()))));
CREATE POLICY person_access_open ON person_access FOR INSERT TO trellis_app
  WITH CHECK (network_id = (SELECT current_network())
    AND organisation_id = (SELECT current_organisation())
    AND ((basis = 'custodian' AND custodian_organisation_id = organisation_id)
      OR (basis = 'referral' AND EXISTS (SELECT 1 FROM referrals r
        WHERE r.network_id = person_access.network_id AND r.referral_id = person_access.referral_id
          AND r.person_id = person_access.person_id
          AND r.to_organisation_id = person_access.organisation_id AND r.sent_at IS NOT NULL))));
CREATE POLICY person_access_end ON person_access FOR UPDATE TO trellis_app
  USING (network_id = (SELECT current_network())
    AND (organisation_id = (SELECT current_organisation())
      OR custodian_organisation_id = (SELECT current_organisation())
      OR EXISTS (SELECT 1 FROM referrals r WHERE r.network_id = person_access.network_id
        AND r.referral_id = person_access.referral_id
        AND r.from_organisation_id = (SELECT current_organisation()))))
  WITH CHECK (network_id = (SELECT current_network()) AND ended_at IS NOT NULL);

-- A decision is known to whoever has access to the person, and to the recipient of a referral sent under it.
CREATE POLICY decisions_app ON decisions TO trellis_app
  USING (network_id = (SELECT current_network())
    AND (sees_person(network_id, person_id)
      OR EXISTS (SELECT 1 FROM referrals r WHERE r.network_id = decisions.network_id
        AND r.decision_id = decisions.decision_id
        AND r.to_organisation_id = (SELECT current_organisation()))))
  WITH CHECK (network_id = (SELECT current_network()) AND sees_person(network_id, person_id));

-- The custodian of a person, for a receiver that is about to open its access and cannot see the person yet.
CREATE FUNCTION custodian_of(the_referral uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.custodian_organisation_id FROM referrals r
    JOIN persons p ON p.network_id = r.network_id AND p.person_id = r.person_id
   WHERE r.network_id = current_network() AND r.referral_id = the_referral
     AND (r.to_organisation_id = current_organisation() OR r.from_organisation_id = current_organisation())
$$;
REVOKE ALL ON FUNCTION custodian_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION custodian_of(uuid) TO trellis_app;
DO $$ BEGIN
  EXECUTE format('CREATE POLICY referrals_owner ON referrals FOR SELECT TO %I USING (true)', current_user);
  EXECUTE format('CREATE POLICY persons_owner ON persons FOR SELECT TO %I USING (true)', current_user);
END $$;

CREATE TABLE contacts (
  network_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  person_id uuid NOT NULL,
  referral_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  user_id uuid,
  at timestamptz NOT NULL,
  channel text NOT NULL,
  result text NOT NULL,
  minutes smallint NOT NULL CHECK (minutes >= 0),
  sealed_note bytea,
  next_step text,
  next_due_at timestamptz,
  PRIMARY KEY (network_id, contact_id),
  FOREIGN KEY (network_id, person_id) REFERENCES persons,
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals,
  CHECK ((next_step IS NULL) = (next_due_at IS NULL))
);
CREATE INDEX contacts_person ON contacts (network_id, organisation_id, person_id, at DESC);
CREATE INDEX contacts_referral ON contacts (network_id, referral_id, at DESC);
ALTER TABLE contacts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY contacts_app ON contacts TO trellis_app
  USING (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()))
  WITH CHECK (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()));
GRANT SELECT, INSERT ON contacts TO trellis_app;
