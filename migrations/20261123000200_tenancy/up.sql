CREATE TABLE networks (
  network_id uuid PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  zone text NOT NULL,
  jurisdiction text NOT NULL,
  capacity_interval_days smallint NOT NULL DEFAULT 42 CHECK (capacity_interval_days > 0)
);

CREATE TABLE organisations (
  network_id uuid NOT NULL REFERENCES networks,
  organisation_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  kind text NOT NULL,
  help_phone text NOT NULL,
  email text,
  suspended_at timestamptz,
  closed_at timestamptz,
  PRIMARY KEY (network_id, organisation_id)
);

-- Data of a jurisdiction, the same for everybody: a platform table.
CREATE TABLE bank_holidays (
  jurisdiction text NOT NULL,
  day date NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (jurisdiction, day)
);

ALTER TABLE networks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY networks_app ON networks TO trellis_app
  USING (network_id = (SELECT current_network())) WITH CHECK (network_id = (SELECT current_network()));
CREATE POLICY networks_platform ON networks TO trellis_platform USING (true) WITH CHECK (true);

ALTER TABLE organisations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
-- Names of organisations are known inside their network; only a role of the network adds or changes them.
CREATE POLICY organisations_read ON organisations FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network()));
CREATE POLICY organisations_write ON organisations TO trellis_app
  USING (network_id = (SELECT current_network())
    AND (SELECT current_organisation()) IS NOT DISTINCT FROM NULL)
  WITH CHECK (network_id = (SELECT current_network())
    AND (SELECT current_organisation()) IS NOT DISTINCT FROM NULL);
CREATE POLICY organisations_platform ON organisations FOR SELECT TO trellis_platform USING (true);

GRANT SELECT ON networks, organisations, bank_holidays TO trellis_app, trellis_platform;
GRANT INSERT, UPDATE ON organisations TO trellis_app;
GRANT INSERT, UPDATE ON networks TO trellis_platform;

-- England and Wales, as published by GOV.UK ("UK bank holidays", Open Government Licence v3.0).
INSERT INTO bank_holidays (jurisdiction, day, name) VALUES
  ('england', '2024-12-25', 'Christmas Day'), ('england', '2024-12-26', 'Boxing Day'),
  ('england', '2025-01-01', 'New Year''s Day'), ('england', '2025-04-18', 'Good Friday'),
  ('england', '2025-04-21', 'Easter Monday'), ('england', '2025-05-05', 'Early May bank holiday'),
  ('england', '2025-05-26', 'Spring bank holiday'), ('england', '2025-08-25', 'Summer bank holiday'),
  ('england', '2025-12-25', 'Christmas Day'), ('england', '2025-12-26', 'Boxing Day'),
  ('england', '2026-01-01', 'New Year''s Day'), ('england', '2026-04-03', 'Good Friday'),
  ('england', '2026-04-06', 'Easter Monday'), ('england', '2026-05-04', 'Early May bank holiday'),
  ('england', '2026-05-25', 'Spring bank holiday'), ('england', '2026-08-31', 'Summer bank holiday'),
  ('england', '2026-12-25', 'Christmas Day'), ('england', '2026-12-28', 'Boxing Day (substitute day)'),
  ('england', '2027-01-01', 'New Year''s Day'), ('england', '2027-03-26', 'Good Friday'),
  ('england', '2027-03-29', 'Easter Monday'), ('england', '2027-05-03', 'Early May bank holiday'),
  ('england', '2027-05-31', 'Spring bank holiday'), ('england', '2027-08-30', 'Summer bank holiday'),
  ('england', '2027-12-27', 'Christmas Day (substitute day)'), ('england', '2027-12-28', 'Boxing Day (substitute day)'),
  ('england', '2028-01-03', 'New Year''s Day (substitute day)'), ('england', '2028-04-14', 'Good Friday'),
  ('england', '2028-04-17', 'Easter Monday'), ('england', '2028-05-01', 'Early May bank holiday'),
  ('england', '2028-05-29', 'Spring bank holiday'), ('england', '2028-08-28', 'Summer bank holiday'),
  ('england', '2028-12-25', 'Christmas Day'), ('england', '2028-12-26', 'Boxing Day');
