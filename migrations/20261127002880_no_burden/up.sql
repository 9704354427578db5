-- closing_outlook says the same and more.
DROP FUNCTION organisation_burden(uuid);
