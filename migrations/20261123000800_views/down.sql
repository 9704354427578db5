DROP VIEW member_entries, service_entries, contact_entries, timeline_entries, person_summaries, visible_persons,
  referral_surroundings, referral_summaries, worklist_marks, worklist_items, caseload;
DROP INDEX referrals_asked, referrals_news_receiver, referrals_news_sender, memberships_names, services_place;
DROP FUNCTION kilometres_between(double precision, double precision, double precision, double precision);
DROP FUNCTION has_words(tsvector, text);
DROP FUNCTION shown_stage(text, text);
DROP FUNCTION hears(text, uuid, uuid);
