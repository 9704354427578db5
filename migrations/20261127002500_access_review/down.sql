DROP FUNCTION members_with_second_factor(uuid[]);
DROP TABLE access_confirmations;
