CREATE TABLE services (
  network_id uuid NOT NULL,
  service_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  name text NOT NULL,
  description text,
  status text NOT NULL,
  area text,
  latitude double precision,
  longitude double precision,
  cost text NOT NULL,
  step_free boolean,
  online boolean NOT NULL,
  languages text[] NOT NULL,
  needs text[] NOT NULL,
  intake jsonb NOT NULL,
  targets jsonb NOT NULL,
  capacity_state text NOT NULL,
  capacity_as_of timestamptz NOT NULL,
  places integer CHECK (places >= 0),
  source text,
  source_id text,
  version integer NOT NULL DEFAULT 1,
  search tsvector GENERATED ALWAYS AS (to_tsvector('english', name || ' ' || coalesce(description, ''))) STORED,
  PRIMARY KEY (network_id, service_id),
  FOREIGN KEY (network_id, organisation_id) REFERENCES organisations,
  CHECK ((latitude IS NULL) = (longitude IS NULL)),
  CHECK ((source IS NULL) = (source_id IS NULL))
);
CREATE UNIQUE INDEX services_source ON services (network_id, source, source_id) WHERE source IS NOT NULL;
CREATE INDEX services_search ON services USING gin (search);
CREATE INDEX services_name ON services (network_id, name, service_id);

-- How many places are taken. Apart from the service, because the one who asked frees a place
-- when a person withdraws, and must not be able to write to somebody else's entry.
CREATE TABLE service_places (
  network_id uuid NOT NULL,
  service_id uuid NOT NULL,
  taken integer NOT NULL DEFAULT 0 CHECK (taken >= 0),
  PRIMARY KEY (network_id, service_id),
  FOREIGN KEY (network_id, service_id) REFERENCES services ON DELETE CASCADE
);

ALTER TABLE services ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY services_read ON services FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network()));
CREATE POLICY services_write ON services TO trellis_app
  USING (network_id = (SELECT current_network())
    AND ((SELECT current_organisation()) IS NULL OR organisation_id = (SELECT current_organisation())))
  WITH CHECK (network_id = (SELECT current_network())
    AND ((SELECT current_organisation()) IS NULL OR organisation_id = (SELECT current_organisation())));

ALTER TABLE service_places ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY service_places_app ON service_places TO trellis_app
  USING (network_id = (SELECT current_network())) WITH CHECK (network_id = (SELECT current_network()));

GRANT SELECT, INSERT, UPDATE ON services, service_places TO trellis_app;
