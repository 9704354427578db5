ALTER TABLE networks DROP COLUMN closed_at;
