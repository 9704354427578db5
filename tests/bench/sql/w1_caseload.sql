\set worker random(0, :links * :workers - 1)
\set organisation :practices + :worker / :workers
\startpipeline
BEGIN;
SELECT set_config('app.network_id', bench.id(1, 0)::text, true), set_config('app.organisation_id', bench.id(2, :organisation)::text, true), set_config('app.actor_id', bench.id(3, :worker)::text, true);
SELECT r.due_at, r.referral_id, r.reference, r.version, r.person_id, r.stage, r.next_step, r.latest_contact_at, r.latest_contact_result, r.unread, r.risk, r.service_name, r.worker_name, r.sealed_identity, r.sealed_preferences, r.key_id, r.wrapped_key FROM caseload r WHERE r.network_id = bench.id(1, 0) AND r.owner_organisation_id = bench.id(2, :organisation) AND r.worker_id = bench.id(3, :worker) ORDER BY r.due_at, r.referral_id LIMIT 26;
COMMIT;
\endpipeline
