CREATE OR REPLACE FUNCTION second_factor_required(the_network uuid, the_organisation uuid, the_instant timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
  required boolean;
BEGIN
  IF the_organisation IS NULL THEN
    SELECT second_factor_required INTO required FROM organisation_settings
     WHERE network_id = the_network AND organisation_id IS NULL AND takes_effect_at <= the_instant
     ORDER BY takes_effect_at DESC, version DESC LIMIT 1;
  ELSE
    SELECT second_factor_required INTO required FROM organisation_settings
     WHERE network_id = the_network AND organisation_id = the_organisation AND takes_effect_at <= the_instant
     ORDER BY takes_effect_at DESC, version DESC LIMIT 1;
  END IF;
  RETURN coalesce(required, false);
END $$;
DROP TABLE organisation_logos;
-- What was withdrawn must not come back to life in a schema that knows no withdrawal.
ALTER TABLE organisation_settings NO FORCE ROW LEVEL SECURITY;
DELETE FROM organisation_settings WHERE withdrawn_at IS NOT NULL;
ALTER TABLE organisation_settings FORCE ROW LEVEL SECURITY;
REVOKE UPDATE (withdrawn_at, withdrawn_by) ON organisation_settings FROM trellis_app;
ALTER TABLE organisation_settings
  DROP COLUMN display_name,
  DROP COLUMN short_line,
  DROP COLUMN accent,
  DROP COLUMN logo,
  DROP COLUMN replaces,
  DROP COLUMN withdrawn_at,
  DROP COLUMN withdrawn_by;
