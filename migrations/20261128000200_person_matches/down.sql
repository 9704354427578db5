DROP TABLE person_matches;
