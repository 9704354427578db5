DROP TABLE applications;
DROP TABLE joining;
