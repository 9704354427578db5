DROP VIEW plan_entries;
DROP TABLE plan_versions;
DROP FUNCTION sees_record(uuid, uuid, boolean);
