-- The latest act on a referral that whoever did it can undo for ten minutes, and how it stood before. Codes and ids only.
CREATE TABLE referral_undos (
  network_id uuid NOT NULL,
  referral_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  what text NOT NULL CHECK (what IN ('allocation', 'contact')),
  contact_id uuid,
  by_user_id uuid NOT NULL,
  at timestamptz NOT NULL,
  -- Of the referral, as the act has left it; or its undo.
  version integer NOT NULL,
  undone boolean NOT NULL,
  before jsonb NOT NULL,
  PRIMARY KEY (network_id, referral_id),
  FOREIGN KEY (network_id, referral_id) REFERENCES referrals,
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  FOREIGN KEY (network_id, contact_id) REFERENCES contacts,
  CHECK ((what = 'contact') = (contact_id IS NOT NULL))
);
ALTER TABLE referral_undos ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_undos_app ON referral_undos TO trellis_app
  USING (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()))
  WITH CHECK (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation()));
GRANT SELECT, INSERT, UPDATE ON referral_undos TO trellis_app;

-- A contact that was logged by mistake stays, marked: nothing else of it ever changes.
ALTER TABLE contacts ADD COLUMN taken_back_at timestamptz;
GRANT UPDATE (taken_back_at) ON contacts TO trellis_app;

-- As before, with who had it and who has it, and whether the contact stands.
CREATE OR REPLACE VIEW timeline_entries WITH (security_invoker = true) AS
SELECT e.network_id, e.referral_id, e.at, e.event_id, e.name, e.reason, e.organisation_id,
  (SELECT o.name FROM organisations o WHERE o.network_id = e.network_id AND o.organisation_id = e.organisation_id)
    AS organisation_name,
  (SELECT m.name FROM memberships m WHERE m.network_id = e.network_id AND m.organisation_id = e.organisation_id
     AND m.user_id = e.actor_id ORDER BY m.ended_at DESC NULLS FIRST LIMIT 1) AS actor_name,
  c.channel AS contact_channel, c.result AS contact_result, c.minutes AS contact_minutes,
  c.taken_back_at IS NOT NULL AS contact_taken_back,
  CASE WHEN e.facts ? 'from' THEN (SELECT m.name FROM memberships m WHERE m.network_id = e.network_id
     AND m.organisation_id = e.organisation_id AND m.user_id::text = e.facts ->> 'from'
     ORDER BY m.ended_at DESC NULLS FIRST LIMIT 1) END AS from_worker_name,
  CASE WHEN e.facts ? 'worker' THEN (SELECT m.name FROM memberships m WHERE m.network_id = e.network_id
     AND m.organisation_id = e.organisation_id AND m.user_id::text = e.facts ->> 'worker'
     ORDER BY m.ended_at DESC NULLS FIRST LIMIT 1) END AS to_worker_name
FROM events e
LEFT JOIN contacts c ON c.network_id = e.network_id AND e.kind = 'contact' AND c.contact_id = e.subject_id
WHERE e.referral_id IS NOT NULL AND e.name <> 'referral.read';

CREATE OR REPLACE VIEW contact_entries WITH (security_invoker = true) AS
SELECT c.network_id, c.contact_id, c.person_id, c.referral_id, c.organisation_id, c.user_id, c.at, c.channel, c.result,
  c.minutes, c.sealed_note, c.next_step, c.next_due_at,
  (SELECT m.name FROM memberships m WHERE m.network_id = c.network_id AND m.organisation_id = c.organisation_id
    AND m.user_id = c.user_id ORDER BY m.ended_at DESC NULLS FIRST LIMIT 1) AS worker_name,
  c.taken_back_at
FROM contacts c;
