-- What an organisation, or the network for its own roles (no organisation), has settled. Versions are kept for ever:
-- what held when, who changed it, and from when the next one holds. Without a row the defaults of the product hold.
CREATE TABLE organisation_settings (
  network_id uuid NOT NULL REFERENCES networks,
  organisation_id uuid,
  version integer NOT NULL CHECK (version > 0),
  takes_effect_at timestamptz NOT NULL,
  second_factor_required boolean NOT NULL,
  idle_minutes smallint NOT NULL CHECK (idle_minutes BETWEEN 10 AND 60),
  session_hours smallint NOT NULL CHECK (session_hours BETWEEN 1 AND 24),
  changed_at timestamptz NOT NULL,
  changed_by uuid NOT NULL,
  UNIQUE NULLS NOT DISTINCT (network_id, organisation_id, version),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations
);
CREATE INDEX organisation_settings_in_force ON organisation_settings
  (network_id, organisation_id, takes_effect_at DESC, version DESC);

ALTER TABLE organisation_settings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_settings_app ON organisation_settings TO trellis_app
  USING (network_id = (SELECT current_network())
    AND organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()))
  WITH CHECK (network_id = (SELECT current_network())
    AND organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()));
CREATE POLICY organisation_settings_platform ON organisation_settings FOR SELECT TO trellis_platform USING (true);
GRANT SELECT, INSERT ON organisation_settings TO trellis_app;
GRANT SELECT ON organisation_settings TO trellis_platform;
