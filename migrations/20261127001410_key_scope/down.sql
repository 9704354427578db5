-- Where two memberships of a user have used the same key, the older one is kept. The owner sees no key while row-level
-- security is forced.
ALTER TABLE idempotency_keys NO FORCE ROW LEVEL SECURITY;
DELETE FROM idempotency_keys k USING idempotency_keys older
  WHERE older.network_id = k.network_id AND older.actor_id = k.actor_id AND older.key = k.key
    AND (older.created_at, older.membership_id) < (k.created_at, k.membership_id);
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey;
ALTER TABLE idempotency_keys DROP COLUMN membership_id;
ALTER TABLE idempotency_keys ADD PRIMARY KEY (network_id, actor_id, key);
