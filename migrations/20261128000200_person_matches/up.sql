-- Whether two records are of one person, as one organisation has said. Nothing else changes with it, and nobody else sees it.
CREATE TABLE person_matches (
  network_id uuid NOT NULL REFERENCES networks,
  match_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  person_id uuid NOT NULL,
  other_person_id uuid NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('same', 'different')),
  decided_at timestamptz NOT NULL,
  decided_by uuid,
  taken_back_at timestamptz,
  taken_back_by uuid,
  PRIMARY KEY (network_id, match_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  FOREIGN KEY (network_id, person_id) REFERENCES persons,
  FOREIGN KEY (network_id, other_person_id) REFERENCES persons,
  CHECK (person_id < other_person_id)
);
-- One answer stands for a pair.
CREATE UNIQUE INDEX person_matches_pair ON person_matches (network_id, organisation_id, person_id, other_person_id)
  WHERE taken_back_at IS NULL;
CREATE INDEX person_matches_other ON person_matches (network_id, organisation_id, other_person_id) WHERE taken_back_at IS NULL;

ALTER TABLE person_matches ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY person_matches_app ON person_matches TO trellis_app
  USING (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()))
  WITH CHECK (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()));
GRANT SELECT, INSERT ON person_matches TO trellis_app;
GRANT UPDATE (taken_back_at, taken_back_by) ON person_matches TO trellis_app;
