DROP FUNCTION sent_since(uuid, uuid, timestamptz);
DROP INDEX referrals_intake;
