-- The worker who said that they know of the risk. It counts for that worker only.
ALTER TABLE referrals ADD COLUMN risk_acknowledged_by uuid;
-- What is under way with a risk was begun by a named worker who knew of it; what is held from before it began was not.
-- The owner is subject to forced row-level security, and its policies let it write a withdrawal only.
ALTER TABLE referrals NO FORCE ROW LEVEL SECURITY;
UPDATE referrals SET risk_acknowledged_by = worker_id
 WHERE risk IN ('harm', 'safeguarding') AND stage IN ('active', 'on_hold')
   AND NOT (stage = 'on_hold' AND coalesce(stage_detail->>'from', '') = 'accepted');
ALTER TABLE referrals FORCE ROW LEVEL SECURITY;
