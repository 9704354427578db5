-- Pictures that no version names are few: the eleventh takes the place of the oldest.
GRANT DELETE ON organisation_logos TO trellis_app;
