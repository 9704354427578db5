-- A user may act for several organisations of a network, and a key is a promise of one of these memberships only.
-- The nil UUID stands for whoever acts without one.
ALTER TABLE idempotency_keys ADD COLUMN membership_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey;
ALTER TABLE idempotency_keys ADD PRIMARY KEY (network_id, actor_id, membership_id, key);
