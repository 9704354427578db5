-- How an organisation shows itself, as part of what it has settled; which version a change takes the place of; and that a
-- change which does not hold yet may be withdrawn. What a version says stays as it is: only who withdrew it, and when, is
-- written later.
ALTER TABLE organisation_settings
  ADD COLUMN display_name text CHECK (length(display_name) <= 60),
  ADD COLUMN short_line text CHECK (length(short_line) <= 100),
  ADD COLUMN accent text CHECK (accent ~ '^#[0-9a-f]{6}$'),
  ADD COLUMN logo bytea,
  ADD COLUMN replaces integer NOT NULL DEFAULT 0 CHECK (replaces BETWEEN 0 AND version - 1),
  ADD COLUMN withdrawn_at timestamptz,
  ADD COLUMN withdrawn_by uuid,
  ADD CONSTRAINT settings_withdrawn_by_somebody CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  ADD CONSTRAINT settings_withdrawn_in_time CHECK (withdrawn_at < takes_effect_at);
GRANT UPDATE (withdrawn_at, withdrawn_by) ON organisation_settings TO trellis_app;

-- Until now each change was made from the one before. The owner sees no row while row-level security is forced.
ALTER TABLE organisation_settings NO FORCE ROW LEVEL SECURITY;
UPDATE organisation_settings SET replaces = version - 1;
ALTER TABLE organisation_settings FORCE ROW LEVEL SECURITY;

-- Logos as the product has drawn them anew. One that a version names stays, for that version stays.
CREATE TABLE organisation_logos (
  network_id uuid NOT NULL REFERENCES networks,
  organisation_id uuid,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  png bytea NOT NULL CHECK (octet_length(png) BETWEEN 1 AND 262144),
  added_at timestamptz NOT NULL,
  added_by uuid NOT NULL,
  UNIQUE NULLS NOT DISTINCT (network_id, organisation_id, digest),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations
);
CREATE INDEX organisation_logos_by_digest ON organisation_logos (digest);

ALTER TABLE organisation_logos ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation_logos_app ON organisation_logos TO trellis_app
  USING (network_id = (SELECT current_network())
    AND organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()))
  WITH CHECK (network_id = (SELECT current_network())
    AND organisation_id IS NOT DISTINCT FROM (SELECT current_organisation()));
-- A logo is there to be seen; whoever has its digest gets it, as from any web site.
CREATE POLICY organisation_logos_platform ON organisation_logos FOR SELECT TO trellis_platform USING (true);
GRANT SELECT, INSERT ON organisation_logos TO trellis_app;
GRANT SELECT ON organisation_logos TO trellis_platform;

-- As before, without what was withdrawn.
CREATE OR REPLACE FUNCTION second_factor_required(the_network uuid, the_organisation uuid, the_instant timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
  required boolean;
BEGIN
  IF the_organisation IS NULL THEN
    SELECT second_factor_required INTO required FROM organisation_settings
     WHERE network_id = the_network AND organisation_id IS NULL AND takes_effect_at <= the_instant AND withdrawn_at IS NULL
     ORDER BY takes_effect_at DESC, version DESC LIMIT 1;
  ELSE
    SELECT second_factor_required INTO required FROM organisation_settings
     WHERE network_id = the_network AND organisation_id = the_organisation AND takes_effect_at <= the_instant
       AND withdrawn_at IS NULL
     ORDER BY takes_effect_at DESC, version DESC LIMIT 1;
  END IF;
  RETURN coalesce(required, false);
END $$;
