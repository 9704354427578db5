DROP TABLE organisation_settings;
