-- One organisation offers all the records that it answers for to another of its network; when that one has accepted, one
-- record after another changes hands. Of people, this table knows numbers only.
CREATE TABLE custody_offers (
  network_id uuid NOT NULL REFERENCES networks,
  offer_id uuid NOT NULL,
  from_organisation_id uuid NOT NULL,
  to_organisation_id uuid NOT NULL,
  reason text NOT NULL CHECK (reason IN ('merger', 'closing', 'service_moved')),
  -- As it was offered, and how many have gone over since.
  people integer NOT NULL CHECK (people > 0),
  moved integer NOT NULL DEFAULT 0 CHECK (moved >= 0),
  stage text NOT NULL CHECK (stage IN ('offered', 'withdrawn', 'declined', 'moving', 'moved')),
  offered_at timestamptz NOT NULL,
  offered_by uuid NOT NULL,
  -- When it was answered or taken back, and by whom.
  settled_at timestamptz,
  settled_by uuid,
  decline_reason text CHECK (decline_reason IN ('not_agreed', 'no_capacity', 'other_organisation')),
  -- The worker looks again from here on. Moved forward as a lease while somebody works on it.
  next_try_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (network_id, offer_id),
  FOREIGN KEY (network_id, from_organisation_id) REFERENCES organisations,
  FOREIGN KEY (network_id, to_organisation_id) REFERENCES organisations,
  CHECK (from_organisation_id <> to_organisation_id),
  CHECK ((stage = 'offered') = (settled_at IS NULL)),
  CHECK (num_nonnulls(settled_at, settled_by) IN (0, 2)),
  CHECK ((stage = 'declined') = (decline_reason IS NOT NULL)),
  CHECK ((stage IN ('moving', 'moved')) = (next_try_at IS NOT NULL)),
  CHECK ((stage = 'moved') = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX custody_offers_open ON custody_offers (network_id, from_organisation_id)
  WHERE stage IN ('offered', 'moving');
CREATE INDEX custody_offers_made ON custody_offers (network_id, from_organisation_id, offered_at DESC, offer_id DESC);
CREATE INDEX custody_offers_received ON custody_offers (network_id, to_organisation_id, offered_at DESC, offer_id DESC);
CREATE INDEX custody_offers_due ON custody_offers (next_try_at) WHERE stage = 'moving';

ALTER TABLE custody_offers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY custody_offers_read ON custody_offers FOR SELECT TO trellis_app
  USING (network_id = (SELECT current_network())
    AND (SELECT current_organisation()) IN (from_organisation_id, to_organisation_id));
CREATE POLICY custody_offers_make ON custody_offers FOR INSERT TO trellis_app
  WITH CHECK (network_id = (SELECT current_network()) AND stage = 'offered'
    AND from_organisation_id = (SELECT current_organisation()));
-- Both have to sign: only whoever receives records can begin to, and only whoever offers them can take that back.
CREATE POLICY custody_offers_settle ON custody_offers FOR UPDATE TO trellis_app
  USING (network_id = (SELECT current_network()) AND stage IN ('offered', 'moving')
    AND (SELECT current_organisation()) IN (from_organisation_id, to_organisation_id))
  WITH CHECK (network_id = (SELECT current_network())
    AND ((from_organisation_id = (SELECT current_organisation()) AND stage IN ('withdrawn', 'moved'))
      OR (to_organisation_id = (SELECT current_organisation()) AND stage IN ('declined', 'moving'))));
-- The worker's queue, across tenants: ids only.
CREATE POLICY custody_offers_platform ON custody_offers TO trellis_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON custody_offers TO trellis_app;
GRANT UPDATE (stage, settled_at, settled_by, decline_reason, next_try_at, finished_at) ON custody_offers TO trellis_app;
GRANT SELECT ON custody_offers TO trellis_platform;
GRANT UPDATE (next_try_at) ON custody_offers TO trellis_platform;
