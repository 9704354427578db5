DROP TABLE custody_offers;
