DROP INDEX sessions_membership;
DROP FUNCTION members_seen(uuid[]);
DROP FUNCTION end_sessions_of(uuid, timestamptz);
DROP TABLE invitations;
