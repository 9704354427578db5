-- A user may act for several organisations of a network, and a key is a promise of one of these memberships only.
-- The nil UUID stands for whoever acts without one.
ALTER TABLE idempotency_keys ADD COLUMN membership_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
-- A key that is kept goes to its user's membership where there is no doubt which, so that a client that sends again
-- is not served twice. The owner sees no key while row-level security is forced.
ALTER TABLE idempotency_keys NO FORCE ROW LEVEL SECURITY;
UPDATE idempotency_keys k SET membership_id = m.membership_id
  FROM memberships m
 WHERE m.network_id = k.network_id AND m.user_id = k.actor_id
   AND NOT EXISTS (SELECT FROM memberships other WHERE other.network_id = m.network_id AND other.user_id = m.user_id
     AND other.membership_id <> m.membership_id);
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey;
ALTER TABLE idempotency_keys ADD PRIMARY KEY (network_id, actor_id, membership_id, key);
