DROP TABLE decisions;
DROP TABLE person_access CASCADE;
DROP TABLE person_tokens CASCADE;
DROP TABLE person_keys CASCADE;
DROP TABLE persons CASCADE;
DROP FUNCTION IF EXISTS sees_person(uuid, uuid);
