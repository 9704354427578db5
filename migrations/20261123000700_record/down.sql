DROP FUNCTION record_write(jsonb);
DROP TABLE idempotency_keys;
DROP TABLE tasks;
DROP TABLE link_devices;
DROP TABLE links;
DROP TABLE outbox;
DROP TABLE audit_entries;
DROP TABLE events;
