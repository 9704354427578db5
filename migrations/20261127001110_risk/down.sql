ALTER TABLE referrals DROP COLUMN risk_acknowledged_by;
