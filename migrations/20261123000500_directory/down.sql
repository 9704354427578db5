DROP TABLE service_places;
DROP TABLE services;
