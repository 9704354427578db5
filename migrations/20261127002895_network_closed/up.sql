-- A network that has closed for good: suspended, with nothing open in it, and never let in again.
ALTER TABLE networks ADD COLUMN closed_at timestamptz,
  ADD CONSTRAINT networks_closed_stand_still CHECK (closed_at IS NULL OR suspended_at IS NOT NULL);
