DROP FUNCTION assert_session(uuid, uuid, integer, timestamptz);
