-- What matters to somebody, and their plan: each save is a row of its own, and none is ever changed. What it says is sealed
-- with the person's key. It belongs to the person's record, so there is no organisation that it is of: the one that is named
-- wrote this version.
CREATE TABLE plan_versions (
  network_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  person_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  organisation_id uuid NOT NULL,
  user_id uuid NOT NULL,
  saved_at timestamptz NOT NULL,
  sealed_content bytea NOT NULL,
  PRIMARY KEY (network_id, plan_id),
  -- Of two that save over the same version one is refused.
  UNIQUE (network_id, person_id, version),
  FOREIGN KEY (network_id, person_id) REFERENCES persons ON DELETE CASCADE,
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations
);

-- Has the acting organisation the whole record open, and was that granted to it, not only opened in an emergency?
CREATE FUNCTION sees_record(the_network uuid, the_person uuid, granted_only boolean) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM person_access a
    WHERE a.network_id = the_network AND a.person_id = the_person AND a.organisation_id = current_organisation()
      AND a.ended_at IS NULL AND a.level = 'full' AND NOT (granted_only AND a.basis = 'break_glass'))
$$;

ALTER TABLE plan_versions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
-- Whoever has the whole record open reads the plan; an emergency is for reading. What is written is written in one's own name.
CREATE POLICY plan_versions_read ON plan_versions FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network()) AND sees_record(network_id, person_id, false));
CREATE POLICY plan_versions_write ON plan_versions FOR INSERT TO trellis_app
  WITH CHECK (network_id = (SELECT current_network()) AND organisation_id = (SELECT current_organisation())
    AND sees_record(network_id, person_id, true));
GRANT SELECT, INSERT ON plan_versions TO trellis_app;

-- With the names of whoever wrote it.
CREATE VIEW plan_entries WITH (security_invoker = true) AS
SELECT v.network_id, v.plan_id, v.person_id, v.version, v.organisation_id, v.user_id, v.saved_at, v.sealed_content,
  o.name AS organisation_name,
  (SELECT m.name FROM memberships m WHERE m.network_id = v.network_id AND m.organisation_id = v.organisation_id
     AND m.user_id = v.user_id ORDER BY m.created_at DESC LIMIT 1) AS writer_name
FROM plan_versions v
JOIN organisations o ON o.network_id = v.network_id AND o.organisation_id = v.organisation_id;
GRANT SELECT ON plan_entries TO trellis_app;
