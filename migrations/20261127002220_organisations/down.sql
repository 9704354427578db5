DROP FUNCTION organisation_burden(uuid);
DROP TABLE agreements;
DROP POLICY organisations_own ON organisations;
ALTER TABLE organisations DROP COLUMN postcode;
