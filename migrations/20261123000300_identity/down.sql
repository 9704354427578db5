DROP FUNCTION assert_session(uuid, uuid, integer);
DROP POLICY organisations_owner ON organisations;
DROP TABLE sign_in_attempts;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE memberships;
DROP TABLE users;
