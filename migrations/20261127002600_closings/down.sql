DROP FUNCTION closing_outlook(uuid, uuid, timestamptz);
DROP POLICY referrals_hand_over ON referrals;
DROP FUNCTION hands_over(uuid, uuid, uuid);
DROP TABLE closings;
