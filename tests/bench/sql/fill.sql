-- One region of the asked size. Half of the organisations are practices that refer, half are link-worker services.
-- {practices} {links} {workers} {services} {persons} {referrals} stand for numbers of ours.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';

INSERT INTO networks (network_id, name, slug, zone, jurisdiction)
  VALUES (bench.id(1, 0), 'Bench', 'bench', 'Europe/London', 'england');

INSERT INTO organisations (network_id, organisation_id, name, kind, help_phone, email)
  SELECT bench.id(1, 0), bench.id(2, n), 'Organisation ' || n,
    CASE WHEN n < {practices} THEN 'practice' ELSE 'link_worker_service' END, '01632 960 001',
    'team' || n || '@example.org'
  FROM generate_series(0, {practices} + {links} - 1) AS n;

-- Workers of the link-worker services, then one who refers for each practice.
INSERT INTO users (user_id, email, name, password_hash, created_at)
  SELECT bench.id(3, n), 'user' || n || '@example.org', 'User ' || n, '!', now() - interval '600 days'
  FROM generate_series(0, {links} * {workers} + {practices} - 1) AS n;
INSERT INTO memberships (network_id, membership_id, user_id, organisation_id, roles, name, email, created_at)
  SELECT bench.id(1, 0), bench.id(4, n), bench.id(3, n),
    CASE WHEN n < {links} * {workers} THEN bench.id(2, {practices} + n / {workers})
      ELSE bench.id(2, n - {links} * {workers}) END,
    CASE WHEN n < {links} * {workers} THEN ARRAY['link_worker'] ELSE ARRAY['referrer'] END,
    'User ' || n, 'user' || n || '@example.org', now() - interval '600 days'
  FROM generate_series(0, {links} * {workers} + {practices} - 1) AS n;
INSERT INTO sessions (session_id, user_id, membership_id, kind, secret_hash, created_at, last_seen_at, idle_ends_at, ends_at)
  SELECT bench.id(5, n), bench.id(3, n), bench.id(4, n), 'api', uuid_send(bench.id(5, n)), now(), now(),
    now() + interval '1 year', now() + interval '1 year'
  FROM generate_series(0, {links} * {workers} + {practices} - 1) AS n;

INSERT INTO services (network_id, service_id, organisation_id, name, status, area, latitude, longitude, cost, step_free,
    online, languages, needs, intake, targets, capacity_state, capacity_as_of, places)
  SELECT bench.id(1, 0), bench.id(6, n), bench.id(2, {practices} + n % {links}), 'Service ' || n, 'active', 'LA9', 54.3, -2.7,
    'free', true, false, ARRAY['en'], ARRAY['loneliness', 'money'], '{"needs":[],"age_bands":[],"areas":[]}',
    '{"reply_days":5,"contact_days":5,"review_days":20,"attempts_before_end":3}', 'open', now(), NULL
  FROM generate_series(0, {services} - 1) AS n;
INSERT INTO service_places (network_id, service_id) SELECT network_id, service_id FROM services;

INSERT INTO persons (network_id, person_id, custodian_organisation_id, sealed_identity, sealed_preferences, created_at)
  SELECT bench.id(1, 0), bench.id(7, n), bench.id(2, n % {practices}), identity, preferences, now() - interval '540 days'
  FROM bench.sealed;
INSERT INTO person_keys (network_id, person_id, key_id, wrapped_key)
  SELECT bench.id(1, 0), bench.id(7, n), key_id, wrapped FROM bench.sealed;
INSERT INTO person_access (network_id, access_id, person_id, organisation_id, custodian_organisation_id, basis, level, began_at)
  SELECT bench.id(1, 0), bench.id(8, n), bench.id(7, n), bench.id(2, n % {practices}), bench.id(2, n % {practices}),
    'custodian', 'full', now() - interval '540 days'
  FROM bench.sealed;
INSERT INTO decisions (network_id, decision_id, person_id, purpose, scope, how_given, statement, language, recorded_for, given_at)
  SELECT bench.id(1, 0), bench.id(8, n), bench.id(7, n), 'referral', 'full', 'spoken', 'sharing-2026-1', 'en',
    bench.id(2, n % {practices}), now() - interval '540 days'
  FROM bench.sealed;
TRUNCATE bench.sealed;

-- Of each hundred: 20 held by a worker, 9 on their way, 71 at an end. Those with 25 and 26 are the ones that the
-- transition sends and returns.
INSERT INTO referrals (network_id, referral_id, reference, person_id, from_organisation_id, from_user_id, to_organisation_id,
    service_id, decision_id, route, brief, feedback, risk, drafted_at, sent_at, stage, stage_since, stage_detail, due_at,
    owner_organisation_id, worker_id, latest_contact_at, latest_contact_result, unread_receiver, next_step)
  SELECT bench.id(1, 0), bench.id(9, r), bench.reference(r), bench.id(7, person), bench.id(2, practice),
    bench.id(3, {links} * {workers} + practice), bench.id(2, {practices} + link), bench.id(6, service), bench.id(8, person),
    'professional', '{"needs":["loneliness"],"age_band":"65_74","area":"LA9","access_needs":[]}', 'all', 'none_known', drafted,
    CASE WHEN stage <> 'draft' THEN drafted END, stage, drafted,
    CASE stage WHEN 'on_hold' THEN jsonb_build_object('reason', 'away', 'from', 'active', 'due_before', due)
      WHEN 'returned' THEN '{"reason":"needs_information"}' WHEN 'completed' THEN '{"reason":"goal_met"}'
      WHEN 'ended' THEN '{"reason":"not_reached"}' WHEN 'declined' THEN '{"reason":"no_capacity"}'
      WHEN 'withdrawn' THEN '{"reason":"person"}' WHEN 'cancelled' THEN '{"reason":"duplicate"}' ELSE '{}' END,
    CASE WHEN open THEN due END,
    CASE WHEN NOT open THEN NULL WHEN stage IN ('draft', 'returned') THEN bench.id(2, practice)
      ELSE bench.id(2, {practices} + link) END,
    CASE WHEN held THEN bench.id(3, link * {workers} + worker) END,
    CASE WHEN held THEN now() - make_interval(days => (r % 14)::integer) END, CASE WHEN held THEN 'spoke' END,
    CASE WHEN held THEN (r % 3)::integer ELSE 0 END, CASE WHEN held THEN 'call' END
  FROM (
    SELECT r, r % {persons} AS person, (r % {persons}) % {practices} AS practice, (r / 100 + r % 100) % {links} AS link,
      (r / 100 / {links} + r % 100) % {workers} AS worker,
      (r / 100 / {links}) % ({services} / {links}) * {links} + (r / 100 + r % 100) % {links} AS service,
      now() - make_interval(days => (r % 540)::integer) AS drafted,
      now() + make_interval(hours => (r * 7 % 1440 - 240)::integer) AS due, stage,
      stage IN ('accepted', 'active', 'on_hold') AS held,
      stage IN ('draft', 'sent', 'waitlisted', 'returned', 'accepted', 'active', 'on_hold') AS open
    FROM generate_series(0::bigint, {referrals} - 1) AS r
    CROSS JOIN LATERAL (SELECT CASE WHEN r % 100 < 12 THEN 'active' WHEN r % 100 < 17 THEN 'accepted'
      WHEN r % 100 < 20 THEN 'on_hold' WHEN r % 100 < 23 THEN 'sent' WHEN r % 100 < 25 THEN 'waitlisted'
      WHEN r % 100 < 27 THEN 'returned' WHEN r % 100 < 29 THEN 'draft' WHEN r % 100 < 75 THEN 'completed'
      WHEN r % 100 < 88 THEN 'ended' WHEN r % 100 < 92 THEN 'declined' WHEN r % 100 < 96 THEN 'withdrawn'
      ELSE 'cancelled' END AS stage) AS s
  ) AS r;
INSERT INTO person_access (network_id, access_id, person_id, organisation_id, custodian_organisation_id, basis, level,
    referral_id, began_at)
  SELECT r.network_id, r.referral_id, r.person_id, r.to_organisation_id, p.custodian_organisation_id, 'referral', 'full',
    r.referral_id, r.sent_at
  FROM referrals r JOIN persons p ON p.network_id = r.network_id AND p.person_id = r.person_id
  WHERE r.stage IN ('accepted', 'active', 'on_hold', 'completed', 'ended');
INSERT INTO contacts (network_id, contact_id, person_id, referral_id, organisation_id, user_id, at, channel, result, minutes)
  SELECT network_id, referral_id, person_id, referral_id, to_organisation_id, worker_id, latest_contact_at, 'phone', 'spoke', 15
  FROM referrals WHERE worker_id IS NOT NULL;
INSERT INTO events (network_id, event_id, at, name, kind, subject_id, referral_id, person_id, audience, organisation_id,
    actor_kind, actor_id)
  SELECT r.network_id, bench.id(10, e.n * {referrals} + row_number() OVER ()), r.drafted_at + make_interval(hours => e.n),
    (ARRAY['referral.drafted', 'referral.sent', 'referral.accepted'])[e.n + 1], 'referral', r.referral_id, r.referral_id,
    r.person_id, ARRAY[r.from_organisation_id, r.to_organisation_id], r.from_organisation_id, 'user', r.from_user_id
  FROM referrals r CROSS JOIN generate_series(0, 2) AS e(n);
INSERT INTO audit_entries (network_id, audit_id, at, organisation_id, actor_kind, actor_id, request_id, action, kind,
    subject_id, person_id, result)
  SELECT network_id, referral_id, drafted_at, from_organisation_id, 'user', from_user_id, referral_id, 'referral.send',
    'referral', referral_id, person_id, 'done'
  FROM referrals;
