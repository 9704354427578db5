-- The other things that prove who a login is. All of them are the platform's, as the login itself.

-- One app each. The secret is sealed with the keyring: it has to be read again for every code. A code counts once: the step of
-- the last one is kept, and no step up to it is taken again. Until the first code was right, nothing asks for it.
CREATE TABLE authenticators (
  user_id uuid PRIMARY KEY REFERENCES users,
  key_id text NOT NULL,
  sealed_secret bytea NOT NULL,
  created_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  last_step bigint NOT NULL DEFAULT 0,
  -- The session or the ticket that began it.
  begun_by bytea NOT NULL
);

-- For when the app or the key is lost: 120 random bits each, stored as SHA-256, good once.
CREATE TABLE recovery_codes (
  code_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  created_at timestamptz NOT NULL,
  spent_at timestamptz
);
CREATE INDEX recovery_codes_user ON recovery_codes (user_id);

-- Public keys of devices, with the counter they last showed.
CREATE TABLE passkeys (
  passkey_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  credential_id bytea NOT NULL UNIQUE,
  credential jsonb NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  created_at timestamptz NOT NULL,
  last_used_at timestamptz
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- What was asked of a device and is not answered yet: once, for five minutes. For nobody in particular when somebody signs in
-- without saying who they are.
CREATE TABLE passkey_challenges (
  challenge_hash bytea PRIMARY KEY,
  user_id uuid REFERENCES users,
  purpose text NOT NULL CHECK (purpose IN ('register', 'sign_in', 'second_factor', 'prove')),
  state jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);

-- Half a sign-in: the first proof was right and a second one is due, or has to be set up first. No session exists yet.
CREATE TABLE sign_in_tickets (
  ticket_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  membership_id uuid REFERENCES memberships (membership_id),
  kind text NOT NULL CHECK (kind IN ('browser', 'api')),
  device text NOT NULL,
  factors text[] NOT NULL,
  must_enrol boolean NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  spent_at timestamptz
);
CREATE INDEX sign_in_tickets_user ON sign_in_tickets (user_id);

-- A password that is good enough beside a second factor only, so that nobody is left with it alone.
ALTER TABLE users ADD COLUMN password_changed_at timestamptz, ADD COLUMN password_is_short boolean NOT NULL DEFAULT false;

GRANT SELECT, INSERT, UPDATE, DELETE ON authenticators, recovery_codes, passkeys, passkey_challenges, sign_in_tickets
  TO trellis_platform;
