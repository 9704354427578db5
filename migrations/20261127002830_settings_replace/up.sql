-- Which version a change takes the place of is no longer kept: it is another one as soon as something is settled in between or
-- withdrawn, so it is found out when it is asked for.
ALTER TABLE organisation_settings DROP COLUMN replaces;
