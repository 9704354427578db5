-- Somebody met a page that is not for their role and asks for it: the administrators of what they act for answer.
CREATE TABLE access_requests (
  network_id uuid NOT NULL REFERENCES networks,
  request_id uuid NOT NULL,
  organisation_id uuid,
  membership_id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- The address they wanted, without what was asked of it.
  wanted text NOT NULL CHECK (wanted ~ '^/[^?#]*$' AND length(wanted) <= 200),
  -- In their own words, sealed for them.
  sealed_why bytea NOT NULL,
  why_key_id text NOT NULL,
  asked_at timestamptz NOT NULL,
  answered_at timestamptz,
  answered_by uuid,
  answer text CHECK (answer IN ('granted', 'refused')),
  PRIMARY KEY (network_id, request_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  FOREIGN KEY (network_id, membership_id) REFERENCES memberships,
  CHECK (num_nonnulls(answered_at, answered_by, answer) IN (0, 3))
);
CREATE INDEX access_requests_list ON access_requests (network_id, organisation_id, asked_at DESC, request_id DESC);

ALTER TABLE access_requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY access_requests_app ON access_requests TO trellis_app
  USING (network_id = (SELECT current_network())
    AND organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()))
  WITH CHECK (network_id = (SELECT current_network())
    AND organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()));
GRANT SELECT, INSERT ON access_requests TO trellis_app;
GRANT UPDATE (answered_at, answered_by, answer) ON access_requests TO trellis_app;
