-- A link in a mail to the address of a login: to sign in with, or to set a new password. The token is the id and a signature
-- over it, so nothing here opens anything. Asking for an address that nobody has writes a row too, for nobody: both take the
-- same work.
CREATE TABLE login_links (
  link_id uuid PRIMARY KEY,
  user_id uuid REFERENCES users,
  purpose text NOT NULL CHECK (purpose IN ('sign_in', 'recovery')),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  spent_at timestamptz
);
CREATE INDEX login_links_user ON login_links (user_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON login_links TO trellis_platform;
