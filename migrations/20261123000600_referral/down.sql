DROP TABLE contacts;
DROP FUNCTION custodian_of(uuid);
DROP POLICY persons_owner ON persons;
DROP POLICY decisions_app ON decisions;
DROP POLICY person_access_end ON person_access;
DROP POLICY person_access_open ON person_access;
DROP POLICY person_access_read ON person_access;
DROP TABLE referrals;
