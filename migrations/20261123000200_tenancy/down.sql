DROP TABLE bank_holidays;
DROP TABLE organisations;
DROP TABLE networks;
