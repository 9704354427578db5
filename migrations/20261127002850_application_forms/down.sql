ALTER TABLE applications DROP COLUMN form_index;
