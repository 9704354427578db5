\set referral (random(0, :turns - 1) * :clients + :client_id) * 100 + 25
\set person :referral % :persons
\set practice :person % :practices
\set referrer :links * :workers + :practice
\set link (:referral / 100 + 25) % :links
\set organisation :practices + :link
\set service (:referral / 100 / :links) % (:services / :links) * :links + :link
\startpipeline
BEGIN;
SELECT set_config('app.network_id', bench.id(1, 0)::text, true), set_config('app.organisation_id', bench.id(2, :practice)::text, true), set_config('app.actor_id', bench.id(3, :referrer)::text, true), assert_session(bench.id(5, :referrer), bench.id(4, :referrer), 1);
SELECT referral_id, version, reference, person_id, from_organisation_id, from_user_id, to_organisation_id, service_id, parent_id, parent_organisation_id, origin_id, decision_id, route, brief, feedback, risk, drafted_at, sent_at, stage, stage_since, stage_detail, due_at, worker_id FROM referrals WHERE network_id = bench.id(1, 0) AND referral_id = bench.id(9, :referral) FOR UPDATE;
SELECT s.service_id, s.organisation_id, s.name, s.description, s.status, s.area, s.latitude, s.longitude, s.cost, s.step_free, s.online, s.languages, s.intake, s.targets, s.capacity_state, s.capacity_as_of, s.places, s.source, s.source_id, s.version, p.taken FROM services s JOIN service_places p ON p.network_id = s.network_id AND p.service_id = s.service_id WHERE s.network_id = bench.id(1, 0) AND s.service_id = bench.id(6, :service);
SELECT organisation_id, name, kind, help_phone, email FROM organisations WHERE network_id = bench.id(1, 0) AND organisation_id = bench.id(2, :organisation) AND closed_at IS NULL;
SELECT decision_id, person_id, recipient_organisation_id, recipient_kind, purpose, scope, how_given, statement, language, recorded_by, recorded_for, given_at, ends_at, withdrawn_at FROM decisions WHERE network_id = bench.id(1, 0) AND person_id = bench.id(7, :person) AND purpose = 'referral' ORDER BY given_at DESC;
UPDATE referrals SET version = version + 1, decision_id = bench.id(8, :person), sent_at = now(), stage = 'sent', stage_since = now(), stage_detail = '{}', due_at = now() + interval '7 days', owner_organisation_id = bench.id(2, :organisation), worker_id = NULL, unread_receiver = unread_receiver + 1 WHERE network_id = bench.id(1, 0) AND referral_id = bench.id(9, :referral) AND version > 0;
SELECT record_write(format('{"over": [{"referral_id": "%3$s", "kinds": ["answer_return", "name_owner", "no_answer", "overdue"], "at": "%2$s", "done_by": "%7$s"}], "events": [{"event_id": "%1$s", "at": "%2$s", "name": "referral.sent", "kind": "referral", "subject_id": "%3$s", "referral_id": "%3$s", "person_id": "%4$s", "audience": ["%5$s", "%6$s"], "actor_kind": "user", "actor_id": "%7$s", "reason": null, "facts": {}}], "audit": [{"audit_id": "%8$s", "at": "%2$s", "actor_kind": "user", "actor_id": "%7$s", "membership_id": "%9$s", "request_id": "%10$s", "action": "referral.send", "kind": "referral", "subject_id": "%3$s", "person_id": "%4$s", "result": "done"}], "links": [{"link_id": "%11$s", "organisation_id": "%6$s", "referral_id": "%3$s", "created_at": "%2$s", "expires_at": "%2$s"}], "messages": [{"message_id": "%12$s", "organisation_id": "%6$s", "user_id": null, "template": "request_to_provider", "referral_id": "%3$s", "person_id": "%4$s", "link_id": "%11$s", "created_at": "%2$s"}]}', bench.fresh(), now(), bench.id(9, :referral), bench.id(7, :person), bench.id(2, :practice), bench.id(2, :organisation), bench.id(3, :referrer), bench.fresh(), bench.id(4, :referrer), bench.fresh(), bench.fresh(), bench.fresh())::jsonb);
COMMIT;
\endpipeline
