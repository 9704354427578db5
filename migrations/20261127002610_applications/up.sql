-- Whether a network takes applications, and what whoever applies agrees to.
CREATE TABLE joining (
  network_id uuid PRIMARY KEY REFERENCES networks,
  open boolean NOT NULL,
  agreement text NOT NULL CHECK (length(agreement) BETWEEN 1 AND 200),
  changed_at timestamptz NOT NULL,
  changed_by uuid
);
ALTER TABLE joining ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY joining_app ON joining TO trellis_app
  USING (network_id = (SELECT current_network()) AND (SELECT current_organisation()) IS NULL)
  WITH CHECK (network_id = (SELECT current_network()) AND (SELECT current_organisation()) IS NULL);
-- Nobody is signed in where an application is begun.
CREATE POLICY joining_platform ON joining FOR SELECT TO trellis_platform USING (true);
GRANT SELECT, INSERT, UPDATE ON joining TO trellis_app;
GRANT SELECT ON joining TO trellis_platform;

-- Who asks, how they are reached, what they were asked and what they said is sealed.
CREATE TABLE applications (
  network_id uuid NOT NULL REFERENCES networks,
  application_id uuid NOT NULL UNIQUE,
  name text NOT NULL,
  kind text NOT NULL,
  postcode text,
  agreement text NOT NULL,
  stage text NOT NULL CHECK (stage IN ('unconfirmed', 'waiting', 'asked', 'approved', 'declined')),
  key_id text NOT NULL,
  sealed_details bytea NOT NULL,
  sealed_talk bytea NOT NULL,
  applied_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  decided_by uuid,
  refusal text,
  organisation_id uuid,
  PRIMARY KEY (network_id, application_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  CHECK ((stage = 'declined') = (refusal IS NOT NULL)),
  CHECK ((stage = 'approved') = (organisation_id IS NOT NULL))
);
CREATE INDEX applications_list ON applications (network_id, applied_at DESC, application_id DESC) WHERE stage <> 'unconfirmed';
CREATE INDEX applications_age ON applications (changed_at);
ALTER TABLE applications ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY applications_app ON applications TO trellis_app
  USING (network_id = (SELECT current_network()) AND (SELECT current_organisation()) IS NULL)
  WITH CHECK (network_id = (SELECT current_network()) AND (SELECT current_organisation()) IS NULL);
-- The platform finds whose a link is, and removes what has been kept long enough, by its age and nothing else.
CREATE POLICY applications_platform ON applications FOR SELECT TO trellis_platform USING (true);
CREATE POLICY applications_age_delete ON applications FOR DELETE TO trellis_platform USING (true);
GRANT SELECT, INSERT, UPDATE ON applications TO trellis_app;
GRANT SELECT (network_id, application_id, stage, changed_at), DELETE ON applications TO trellis_platform;
