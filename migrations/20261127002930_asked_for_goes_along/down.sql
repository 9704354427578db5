DROP POLICY referrals_go_along ON referrals;
DROP FUNCTION hand_over_requests(uuid, uuid, uuid[]);
