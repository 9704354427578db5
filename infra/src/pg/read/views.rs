//! The views of the migration `views`, as diesel knows them. They carry no rights of their own: whoever asks is
//! subject to row-level security on every table beneath.

use diesel::query_builder::QueryId;
use diesel::sql_types::SqlType;
use diesel::{allow_tables_to_appear_in_same_query, table};

use super::super::schema::{events, organisations, person_tokens, referrals};

/// A document prepared for full-text search; never selected, only asked.
#[derive(Debug, Clone, Copy, SqlType, QueryId)]
#[diesel(postgres_type(name = "tsvector"))]
pub struct TsVector;

table! { caseload (network_id, referral_id) {
    network_id -> Uuid, owner_organisation_id -> Uuid, worker_id -> Nullable<Uuid>, due_at -> Timestamptz, referral_id -> Uuid,
    reference -> Text, version -> Integer, person_id -> Uuid, stage -> Text, next_step -> Nullable<Text>,
    latest_contact_at -> Nullable<Timestamptz>, latest_contact_result -> Nullable<Text>, unread -> Integer, risk -> Text,
    service_name -> Text, worker_name -> Nullable<Text>, sealed_identity -> Binary, sealed_preferences -> Binary, key_id -> Text,
    wrapped_key -> Binary, brief -> Jsonb,
} }
table! { referral_work (network_id, referral_id) {
    network_id -> Uuid, owner_organisation_id -> Uuid, worker_id -> Nullable<Uuid>, referral_id -> Uuid, version -> Integer,
    due_at -> Timestamptz, risk -> Text, needs -> Integer, interpreter -> Bool, waiting -> Bool,
} }
table! { worklist_items (network_id, item_id) {
    network_id -> Uuid, organisation_id -> Uuid, assignee_id -> Nullable<Uuid>, due_at -> Timestamptz, item_id -> Uuid,
    task_kind -> Nullable<Text>, referral_id -> Nullable<Uuid>, reference -> Nullable<Text>, stage -> Nullable<Text>,
    next_step -> Nullable<Text>, unread -> Nullable<Integer>, person_id -> Nullable<Uuid>, service_name -> Nullable<Text>,
    sealed_identity -> Nullable<Binary>, key_id -> Nullable<Text>, wrapped_key -> Nullable<Binary>,
} }
table! { worklist_marks (network_id, organisation_id) {
    network_id -> Uuid, organisation_id -> Uuid, assignee_id -> Nullable<Uuid>, mark -> Text, due_at -> Nullable<Timestamptz>,
} }
table! { referral_summaries (network_id, referral_id) {
    network_id -> Uuid, from_organisation_id -> Uuid, to_organisation_id -> Uuid, from_user_id -> Nullable<Uuid>, drafted_at -> Timestamptz,
    referral_id -> Uuid, reference -> Text, version -> Integer, hears -> Text, stage -> Text, stage_since -> Timestamptz,
    due_at -> Nullable<Timestamptz>, brief -> Jsonb, risk -> Text, sent_at -> Nullable<Timestamptz>, worker_id -> Nullable<Uuid>,
    from_name -> Text, to_name -> Text, service_name -> Text, worker_name -> Nullable<Text>, person_id -> Nullable<Uuid>,
    sealed_identity -> Nullable<Binary>, key_id -> Nullable<Text>, wrapped_key -> Nullable<Binary>,
} }
table! { referral_surroundings (network_id, referral_id) {
    network_id -> Uuid, referral_id -> Uuid, from_name -> Text, from_kind -> Text, from_help_phone -> Text,
    from_user_name -> Nullable<Text>, to_name -> Text, to_kind -> Text, to_help_phone -> Text, worker_membership_id -> Nullable<Uuid>,
    worker_name -> Nullable<Text>, worker_roles -> Nullable<Array<Text>>, unread -> Integer, sealed_note -> Nullable<Binary>,
    sealed_close_out -> Nullable<Binary>,
} }
table! { visible_persons (network_id, person_id) {
    network_id -> Uuid, person_id -> Uuid, version -> Integer, custodian_organisation_id -> Uuid, custodian_name -> Text,
    custodian_kind -> Text, custodian_help_phone -> Text, sealed_identity -> Binary, sealed_preferences -> Binary, key_id -> Text,
    wrapped_key -> Binary, level -> Text, basis -> Text, granted -> Nullable<Text>,
} }
table! { person_summaries (network_id, person_id) {
    network_id -> Uuid, person_id -> Uuid, sealed_identity -> Binary, key_id -> Text, wrapped_key -> Binary, open_referrals -> BigInt,
    in_full -> Bool,
} }
table! { timeline_entries (network_id, event_id) {
    network_id -> Uuid, referral_id -> Uuid, at -> Timestamptz, event_id -> Uuid, name -> Text, reason -> Nullable<Text>,
    organisation_id -> Nullable<Uuid>, organisation_name -> Nullable<Text>, actor_name -> Nullable<Text>,
    contact_channel -> Nullable<Text>, contact_result -> Nullable<Text>, contact_minutes -> Nullable<SmallInt>,
    contact_taken_back -> Bool, from_worker_name -> Nullable<Text>, to_worker_name -> Nullable<Text>,
} }
table! { plan_entries (network_id, plan_id) {
    network_id -> Uuid, plan_id -> Uuid, person_id -> Uuid, version -> Integer, organisation_id -> Uuid, user_id -> Uuid,
    saved_at -> Timestamptz, sealed_content -> Binary, organisation_name -> Text, writer_name -> Nullable<Text>,
} }
table! { contact_entries (network_id, contact_id) {
    network_id -> Uuid, contact_id -> Uuid, person_id -> Uuid, referral_id -> Uuid, organisation_id -> Uuid, user_id -> Nullable<Uuid>,
    at -> Timestamptz, channel -> Text, result -> Text, minutes -> SmallInt, sealed_note -> Nullable<Binary>, next_step -> Nullable<Text>,
    next_due_at -> Nullable<Timestamptz>, worker_name -> Nullable<Text>, taken_back_at -> Nullable<Timestamptz>,
} }
table! {
    use diesel::sql_types::{Array, Bool, Double, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid};
    use super::TsVector;
    service_entries (network_id, service_id) {
        network_id -> Uuid, service_id -> Uuid, organisation_id -> Uuid, name -> Text, description -> Nullable<Text>, status -> Text,
        area -> Nullable<Text>, latitude -> Nullable<Double>, longitude -> Nullable<Double>, cost -> Text, step_free -> Nullable<Bool>,
        online -> Bool, languages -> Array<Text>, intake -> Jsonb, targets -> Jsonb, capacity_state -> Text,
        capacity_as_of -> Timestamptz, places -> Nullable<Integer>, source -> Nullable<Text>, source_id -> Nullable<Text>,
        version -> Integer, needs -> Array<Text>, search -> TsVector, taken -> Integer, organisation_name -> Text,
        organisation_kind -> Text, organisation_help_phone -> Text, capacity_interval_days -> SmallInt,
    }
}
table! { member_entries (network_id, membership_id) {
    network_id -> Uuid, membership_id -> Uuid, user_id -> Uuid, organisation_id -> Nullable<Uuid>, roles -> Array<Text>, name -> Text,
    organisation_name -> Nullable<Text>, organisation_kind -> Nullable<Text>, organisation_help_phone -> Nullable<Text>,
} }

allow_tables_to_appear_in_same_query!(referrals, referral_surroundings, service_entries, visible_persons);
allow_tables_to_appear_in_same_query!(service_entries, organisations);
allow_tables_to_appear_in_same_query!(person_summaries, person_tokens);
allow_tables_to_appear_in_same_query!(person_summaries, referrals);
allow_tables_to_appear_in_same_query!(person_summaries, events);

diesel::define_sql_function! {
    /// See the migration `views`.
    fn has_words(search: TsVector, words: diesel::sql_types::Text) -> diesel::sql_types::Bool;
}
diesel::define_sql_function! {
    /// See the migration `views`.
    fn kilometres_between(
        lat_a: diesel::sql_types::Double,
        lon_a: diesel::sql_types::Double,
        lat_b: diesel::sql_types::Nullable<diesel::sql_types::Double>,
        lon_b: diesel::sql_types::Nullable<diesel::sql_types::Double>,
    ) -> diesel::sql_types::Nullable<diesel::sql_types::Double>;
}
