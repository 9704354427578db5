\set referral (random(0, :turns - 1) * :clients + :client_id) * 100 + 25
\set person :referral % :persons
\set practice :person % :practices
\set link (:referral / 100 + 25) % :links
\set organisation :practices + :link
\set worker :link * :workers
\startpipeline
BEGIN;
SELECT set_config('app.network_id', bench.id(1, 0)::text, true), set_config('app.organisation_id', bench.id(2, :organisation)::text, true), set_config('app.actor_id', bench.id(3, :worker)::text, true), assert_session(bench.id(5, :worker), bench.id(4, :worker), 1);
SELECT referral_id, version, reference, person_id, from_organisation_id, from_user_id, to_organisation_id, service_id, parent_id, parent_organisation_id, origin_id, decision_id, route, brief, feedback, risk, drafted_at, sent_at, stage, stage_since, stage_detail, due_at, worker_id FROM referrals WHERE network_id = bench.id(1, 0) AND referral_id = bench.id(9, :referral) FOR UPDATE;
UPDATE referrals SET version = version + 1, decision_id = bench.id(8, :person), sent_at = now(), stage = 'returned', stage_since = now(), stage_detail = '{"reason":"needs_information"}', due_at = now() + interval '7 days', owner_organisation_id = bench.id(2, :practice), worker_id = NULL, unread_sender = unread_sender + 1 WHERE network_id = bench.id(1, 0) AND referral_id = bench.id(9, :referral) AND version > 0;
SELECT record_write(format('{"over": [{"referral_id": "%3$s", "kinds": ["no_answer", "overdue"], "at": "%2$s", "done_by": "%7$s"}], "events": [{"event_id": "%1$s", "at": "%2$s", "name": "referral.returned", "kind": "referral", "subject_id": "%3$s", "referral_id": "%3$s", "person_id": "%4$s", "audience": ["%5$s", "%6$s"], "actor_kind": "user", "actor_id": "%7$s", "reason": null, "facts": {}}], "audit": [{"audit_id": "%8$s", "at": "%2$s", "actor_kind": "user", "actor_id": "%7$s", "membership_id": "%9$s", "request_id": "%10$s", "action": "referral.return", "kind": "referral", "subject_id": "%3$s", "person_id": "%4$s", "result": "done"}], "tasks": [{"task_id": "%11$s", "organisation_id": "%5$s", "user_id": null, "kind": "answer_return", "referral_id": "%3$s", "created_at": "%2$s", "due_at": "%2$s"}], "messages": [{"message_id": "%12$s", "organisation_id": "%5$s", "user_id": null, "template": "task_for_worker", "referral_id": "%3$s", "person_id": "%4$s", "link_id": null, "created_at": "%2$s"}]}', bench.fresh(), now(), bench.id(9, :referral), bench.id(7, :person), bench.id(2, :practice), bench.id(2, :organisation), bench.id(3, :worker), bench.fresh(), bench.id(4, :worker), bench.fresh(), bench.fresh(), bench.fresh())::jsonb);
COMMIT;
\endpipeline
