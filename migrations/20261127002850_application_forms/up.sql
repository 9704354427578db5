-- The same form sent twice is one application. Keyed, over the form's key and all that was typed: nothing is read out of it.
ALTER TABLE applications ADD COLUMN form_index bytea;
CREATE UNIQUE INDEX applications_form ON applications (network_id, form_index);
