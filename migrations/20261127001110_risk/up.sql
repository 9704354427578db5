-- The worker who said that they know of the risk. It counts for that worker only.
ALTER TABLE referrals ADD COLUMN risk_acknowledged_by uuid;
-- What is under way with a risk was begun by a named worker who knew of it.
UPDATE referrals SET risk_acknowledged_by = worker_id
 WHERE risk IN ('harm', 'safeguarding') AND stage IN ('active', 'on_hold');
