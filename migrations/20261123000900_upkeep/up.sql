-- How many codes went out for a link: a code can be guessed, so their number is bounded over the link's life.
ALTER TABLE links ADD COLUMN codes_sent smallint NOT NULL DEFAULT 0 CHECK (codes_sent >= 0);

-- What has run out is removed across tenants, by its age and nothing else.
CREATE POLICY idempotency_age_read ON idempotency_keys FOR SELECT TO trellis_platform USING (true);
CREATE POLICY idempotency_age_delete ON idempotency_keys FOR DELETE TO trellis_platform USING (true);
GRANT SELECT (created_at), DELETE ON idempotency_keys TO trellis_platform;

CREATE INDEX link_devices_age ON link_devices (expires_at);
CREATE POLICY link_devices_age_read ON link_devices FOR SELECT TO trellis_platform USING (true);
CREATE POLICY link_devices_age_delete ON link_devices FOR DELETE TO trellis_platform USING (true);
GRANT SELECT (expires_at), DELETE ON link_devices TO trellis_platform;

CREATE INDEX sessions_age ON sessions (ends_at);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
