-- A person: nothing in clear but ids. What is sealed opens with the person's own key only.
CREATE TABLE persons (
  network_id uuid NOT NULL REFERENCES networks,
  person_id uuid NOT NULL,
  custodian_organisation_id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1,
  sealed_identity bytea NOT NULL,
  sealed_preferences bytea NOT NULL,
  nhs_number_index bytea,
  match_index bytea,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (network_id, person_id),
  FOREIGN KEY (network_id, custodian_organisation_id) REFERENCES organisations
);
CREATE INDEX persons_nhs_number ON persons (network_id, nhs_number_index) WHERE nhs_number_index IS NOT NULL;
CREATE INDEX persons_match ON persons (network_id, match_index) WHERE match_index IS NOT NULL;

-- The person's key, wrapped by a key that is not in the database. Erasure deletes the row.
CREATE TABLE person_keys (
  network_id uuid NOT NULL,
  person_id uuid NOT NULL,
  key_id text NOT NULL,
  wrapped_key bytea NOT NULL,
  PRIMARY KEY (network_id, person_id),
  FOREIGN KEY (network_id, person_id) REFERENCES persons ON DELETE CASCADE
);

-- Keyed tokens of names, for search. They say nothing without the index key.
CREATE TABLE person_tokens (
  network_id uuid NOT NULL,
  token bytea NOT NULL,
  person_id uuid NOT NULL,
  PRIMARY KEY (network_id, token, person_id),
  FOREIGN KEY (network_id, person_id) REFERENCES persons ON DELETE CASCADE
);
CREATE INDEX person_tokens_person ON person_tokens (network_id, person_id);

CREATE TABLE person_access (
  network_id uuid NOT NULL,
  access_id uuid NOT NULL,
  person_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  custodian_organisation_id uuid NOT NULL,
  basis text NOT NULL CHECK (basis IN ('custodian', 'referral', 'break_glass')),
  level text NOT NULL CHECK (level IN ('identity', 'limited', 'full')),
  referral_id uuid,
  began_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text,
  PRIMARY KEY (network_id, access_id),
  FOREIGN KEY (network_id, person_id) REFERENCES persons ON DELETE CASCADE,
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  CHECK ((basis = 'referral') = (referral_id IS NOT NULL)),
  CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX person_access_open ON person_access (network_id, organisation_id, person_id) INCLUDE (level)
  WHERE ended_at IS NULL;
CREATE INDEX person_access_person ON person_access (network_id, person_id) WHERE ended_at IS NULL;
CREATE INDEX person_access_referral ON person_access (network_id, referral_id) WHERE ended_at IS NULL;

-- Is there an unended access of the acting organisation to the person?
CREATE FUNCTION sees_person(the_network uuid, the_person uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT 1 FROM person_access a
    WHERE a.network_id = the_network AND a.person_id = the_person
      AND a.organisation_id = current_organisation() AND a.ended_at IS NULL)
$$;

ALTER TABLE persons ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY persons_app ON persons TO trellis_app
  USING (network_id = (SELECT current_network()) AND sees_person(network_id, person_id))
  WITH CHECK (network_id = (SELECT current_network())
    AND (custodian_organisation_id = (SELECT current_organisation()) OR sees_person(network_id, person_id)));

ALTER TABLE person_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY person_keys_app ON person_keys TO trellis_app
  USING (network_id = (SELECT current_network()) AND sees_person(network_id, person_id))
  WITH CHECK (network_id = (SELECT current_network()) AND sees_person(network_id, person_id));

ALTER TABLE person_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY person_tokens_app ON person_tokens TO trellis_app
  USING (network_id = (SELECT current_network()) AND sees_person(network_id, person_id))
  WITH CHECK (network_id = (SELECT current_network()) AND sees_person(network_id, person_id));

-- Seen by whom it is for, by the custodian, and by the sender whose referral opened it (added with referrals).
ALTER TABLE person_access ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE ON persons, person_access TO trellis_app;
GRANT SELECT, INSERT, DELETE ON person_keys, person_tokens TO trellis_app;

CREATE TABLE decisions (
  network_id uuid NOT NULL,
  decision_id uuid NOT NULL,
  person_id uuid NOT NULL,
  recipient_organisation_id uuid,
  recipient_kind text,
  purpose text NOT NULL,
  scope text NOT NULL CHECK (scope IN ('identity', 'need_and_access', 'full')),
  how_given text NOT NULL,
  statement text NOT NULL,
  language text NOT NULL,
  recorded_by uuid,
  recorded_for uuid NOT NULL,
  given_at timestamptz NOT NULL,
  ends_at timestamptz,
  withdrawn_at timestamptz,
  PRIMARY KEY (network_id, decision_id),
  FOREIGN KEY (network_id, person_id) REFERENCES persons ON DELETE CASCADE,
  FOREIGN KEY (network_id, recipient_organisation_id) REFERENCES organisations,
  CHECK (num_nonnulls(recipient_organisation_id, recipient_kind) <= 1)
);
CREATE INDEX decisions_person ON decisions (network_id, person_id, purpose, given_at DESC);
ALTER TABLE decisions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON decisions TO trellis_app;
