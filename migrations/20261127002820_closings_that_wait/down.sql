ALTER TABLE closings DROP COLUMN waiting;
