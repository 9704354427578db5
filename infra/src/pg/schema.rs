//! The tables as diesel knows them. `migrations/` is the source. A table of more than 32 columns is told in two parts:
//! diesel's wider tables take far longer to compile.

use diesel::{allow_tables_to_appear_in_same_query, table};

table! { networks (network_id) { network_id -> Uuid, name -> Text, slug -> Text, zone -> Text, jurisdiction -> Text, capacity_interval_days -> SmallInt, help_phone -> Nullable<Text>, suspended_at -> Nullable<Timestamptz>, closed_at -> Nullable<Timestamptz>, } }
table! { organisations (network_id, organisation_id) {
    network_id -> Uuid, organisation_id -> Uuid, name -> Text, kind -> Text, help_phone -> Text, email -> Nullable<Text>,
    suspended_at -> Nullable<Timestamptz>, closed_at -> Nullable<Timestamptz>, postcode -> Nullable<Text>,
} }
table! { agreements (network_id, agreement_id) {
    network_id -> Uuid, agreement_id -> Uuid, organisation_id -> Uuid, kind -> Text, version -> Text, agreed_on -> Date,
    ends_on -> Nullable<Date>, kept_at -> Timestamptz, kept_by -> Nullable<Uuid>,
} }
table! { joining (network_id) { network_id -> Uuid, open -> Bool, agreement -> Text, changed_at -> Timestamptz, changed_by -> Nullable<Uuid>, } }
table! { applications (network_id, application_id) {
    network_id -> Uuid, application_id -> Uuid, name -> Text, kind -> Text, postcode -> Nullable<Text>, agreement -> Text, stage -> Text,
    key_id -> Text, sealed_details -> Binary, sealed_talk -> Binary, applied_at -> Timestamptz, changed_at -> Timestamptz,
    decided_by -> Nullable<Uuid>, refusal -> Nullable<Text>, organisation_id -> Nullable<Uuid>, form_index -> Nullable<Binary>,
} }
table! { closings (network_id, organisation_id) {
    network_id -> Uuid, organisation_id -> Uuid, successor_id -> Nullable<Uuid>, closed_at -> Timestamptz, closed_by -> Nullable<Uuid>,
    next_try_at -> Timestamptz, finished_at -> Nullable<Timestamptz>, waiting -> Integer,
} }
table! { custody_offers (network_id, offer_id) {
    network_id -> Uuid, offer_id -> Uuid, from_organisation_id -> Uuid, to_organisation_id -> Uuid, reason -> Text, people -> Integer,
    moved -> Integer, stage -> Text, offered_at -> Timestamptz, offered_by -> Uuid, settled_at -> Nullable<Timestamptz>,
    settled_by -> Nullable<Uuid>, decline_reason -> Nullable<Text>, next_try_at -> Nullable<Timestamptz>,
    finished_at -> Nullable<Timestamptz>,
} }
table! { organisation_settings (network_id, version) {
    network_id -> Uuid, organisation_id -> Nullable<Uuid>, version -> Integer, takes_effect_at -> Timestamptz, second_factor_required -> Bool,
    idle_minutes -> SmallInt, session_hours -> SmallInt, changed_at -> Timestamptz, changed_by -> Uuid,
    display_name -> Nullable<Text>, short_line -> Nullable<Text>, accent -> Nullable<Text>, logo -> Nullable<Binary>,
    withdrawn_at -> Nullable<Timestamptz>, withdrawn_by -> Nullable<Uuid>,
} }
table! { organisation_logos (network_id, digest) {
    network_id -> Uuid, organisation_id -> Nullable<Uuid>, digest -> Binary, png -> Binary, added_at -> Timestamptz, added_by -> Uuid,
} }
table! { bank_holidays (jurisdiction, day) { jurisdiction -> Text, day -> Date, name -> Text, } }
table! { users (user_id) {
    user_id -> Uuid, email -> Text, name -> Text, password_hash -> Text, created_at -> Timestamptz, disabled_at -> Nullable<Timestamptz>,
    password_changed_at -> Nullable<Timestamptz>, password_is_short -> Bool, factors_reset_at -> Nullable<Timestamptz>,
} }
table! { memberships (network_id, membership_id) {
    network_id -> Uuid, membership_id -> Uuid, user_id -> Uuid, organisation_id -> Nullable<Uuid>, roles -> Array<Text>, name -> Text,
    email -> Text, version -> Integer, created_at -> Timestamptz, ended_at -> Nullable<Timestamptz>,
} }
table! { invitations (network_id, invitation_id) {
    network_id -> Uuid, invitation_id -> Uuid, organisation_id -> Nullable<Uuid>, email -> Text, roles -> Array<Text>,
    invited_by -> Nullable<Uuid>, created_at -> Timestamptz, sent_at -> Timestamptz, expires_at -> Timestamptz, generation -> Integer,
    asked_again_at -> Nullable<Timestamptz>, accepted_at -> Nullable<Timestamptz>, membership_id -> Nullable<Uuid>,
    withdrawn_at -> Nullable<Timestamptz>,
} }
table! { access_confirmations (network_id, confirmation_id, membership_id) {
    network_id -> Uuid, confirmation_id -> Uuid, membership_id -> Uuid, organisation_id -> Nullable<Uuid>, membership_version -> Integer,
    roles -> Array<Text>, confirmed_at -> Timestamptz, confirmed_by -> Uuid,
} }
table! { sessions (session_id) {
    session_id -> Uuid, user_id -> Uuid, membership_id -> Uuid, kind -> Text, secret_hash -> Binary, created_at -> Timestamptz,
    last_seen_at -> Timestamptz, idle_ends_at -> Timestamptz, ends_at -> Timestamptz, ended_at -> Nullable<Timestamptz>, end_reason -> Nullable<Text>,
    factors -> Array<Text>, strong -> Bool, proved_at -> Nullable<Timestamptz>, device -> Text,
} }
table! { authenticators (user_id) {
    user_id -> Uuid, key_id -> Text, sealed_secret -> Binary, created_at -> Timestamptz, confirmed_at -> Nullable<Timestamptz>, last_step -> BigInt, begun_by -> Binary,
} }
table! { recovery_codes (code_hash) {
    code_hash -> Binary, user_id -> Uuid, created_at -> Timestamptz, spent_at -> Nullable<Timestamptz>,
} }
table! { passkeys (passkey_id) {
    passkey_id -> Uuid, user_id -> Uuid, credential_id -> Binary, credential -> Jsonb, name -> Text, created_at -> Timestamptz,
    last_used_at -> Nullable<Timestamptz>,
} }
table! { passkey_challenges (challenge_hash) {
    challenge_hash -> Binary, user_id -> Nullable<Uuid>, purpose -> Text, state -> Jsonb, expires_at -> Timestamptz,
} }
table! { login_links (link_id) {
    link_id -> Uuid, user_id -> Nullable<Uuid>, purpose -> Text, created_at -> Timestamptz, expires_at -> Timestamptz,
    spent_at -> Nullable<Timestamptz>, opens_at -> Nullable<Timestamptz>, sealed_address -> Nullable<Binary>,
    address_key_id -> Nullable<Text>,
} }
table! { sign_in_tickets (ticket_hash) {
    ticket_hash -> Binary, user_id -> Uuid, membership_id -> Nullable<Uuid>, kind -> Text, device -> Text, factors -> Array<Text>,
    must_enrol -> Bool, tries -> SmallInt, created_at -> Timestamptz, expires_at -> Timestamptz, spent_at -> Nullable<Timestamptz>,
} }
table! { refresh_tokens (token_hash) {
    token_hash -> Binary, session_id -> Uuid, created_at -> Timestamptz, spent_at -> Nullable<Timestamptz>,
} }
table! {
    /// By whose word a session was opened.
    #[sql_name = "sessions"]
    session_providers (session_id) { session_id -> Uuid, provider_id -> Nullable<Uuid>, }
}
table! { identity_providers (network_id, organisation_id) {
    network_id -> Uuid, organisation_id -> Uuid, provider_id -> Uuid, version -> Integer, short_name -> Text, name -> Text, issuer -> Text,
    client_id -> Text, secret_key_id -> Text, sealed_secret -> Binary, scopes -> Array<Text>, strong_acr -> Array<Text>,
    strong_amr -> Array<Text>, enabled -> Bool, changed_at -> Timestamptz,
} }
table! { federated_identities (issuer, subject) {
    issuer -> Text, subject -> Text, user_id -> Uuid, connected_at -> Timestamptz, last_used_at -> Nullable<Timestamptz>,
} }
table! { sign_in_ceremonies (state_hash) {
    state_hash -> Binary, browser_hash -> Binary, provider_id -> Uuid, after -> Text, expires_at -> Timestamptz,
    answered_at -> Nullable<Timestamptz>, issuer -> Nullable<Text>, subject -> Nullable<Text>, shown -> Nullable<Text>,
} }
table! { sign_in_attempts (subject, window_starts_at) { subject -> Binary, window_starts_at -> Timestamptz, failures -> Integer, } }
table! { persons (network_id, person_id) {
    network_id -> Uuid, person_id -> Uuid, custodian_organisation_id -> Uuid, version -> Integer, sealed_identity -> Binary,
    sealed_preferences -> Binary, nhs_number_index -> Nullable<Binary>, match_index -> Nullable<Binary>, created_at -> Timestamptz,
} }
table! { person_keys (network_id, person_id) { network_id -> Uuid, person_id -> Uuid, key_id -> Text, wrapped_key -> Binary, } }
table! { person_tokens (network_id, token, person_id) { network_id -> Uuid, token -> Binary, person_id -> Uuid, } }
table! { person_access (network_id, access_id) {
    network_id -> Uuid, access_id -> Uuid, person_id -> Uuid, organisation_id -> Uuid, custodian_organisation_id -> Uuid, basis -> Text,
    level -> Text, referral_id -> Nullable<Uuid>, began_at -> Timestamptz, ended_at -> Nullable<Timestamptz>, end_reason -> Nullable<Text>,
} }
table! { person_matches (network_id, match_id) {
    network_id -> Uuid, match_id -> Uuid, organisation_id -> Uuid, person_id -> Uuid, other_person_id -> Uuid, verdict -> Text,
    decided_at -> Timestamptz, decided_by -> Nullable<Uuid>, taken_back_at -> Nullable<Timestamptz>, taken_back_by -> Nullable<Uuid>,
} }
table! { access_requests (network_id, request_id) {
    network_id -> Uuid, request_id -> Uuid, organisation_id -> Nullable<Uuid>, membership_id -> Uuid, user_id -> Uuid, wanted -> Text,
    sealed_why -> Binary, why_key_id -> Text, asked_at -> Timestamptz, answered_at -> Nullable<Timestamptz>, answered_by -> Nullable<Uuid>,
    answer -> Nullable<Text>,
} }
table! { emergency_openings (network_id, opening_id) {
    network_id -> Uuid, opening_id -> Uuid, person_id -> Uuid, custodian_organisation_id -> Uuid, organisation_id -> Uuid,
    user_id -> Uuid, access_id -> Uuid, sealed_reason -> Nullable<Binary>, opened_at -> Timestamptz, until -> Timestamptz,
    closed_at -> Nullable<Timestamptz>, reviewed_at -> Nullable<Timestamptz>, reviewed_by -> Nullable<Uuid>, verdict -> Nullable<Text>,
} }
table! { decisions (network_id, decision_id) {
    network_id -> Uuid, decision_id -> Uuid, person_id -> Uuid, recipient_organisation_id -> Nullable<Uuid>, recipient_kind -> Nullable<Text>,
    purpose -> Text, scope -> Text, how_given -> Text, statement -> Text, language -> Text, recorded_by -> Nullable<Uuid>, recorded_for -> Uuid,
    given_at -> Timestamptz, ends_at -> Nullable<Timestamptz>, withdrawn_at -> Nullable<Timestamptz>,
} }
table! { services (network_id, service_id) {
    network_id -> Uuid, service_id -> Uuid, organisation_id -> Uuid, name -> Text, description -> Nullable<Text>, status -> Text,
    area -> Nullable<Text>, latitude -> Nullable<Double>, longitude -> Nullable<Double>, cost -> Text, step_free -> Nullable<Bool>,
    online -> Bool, languages -> Array<Text>, needs -> Array<Text>, intake -> Jsonb, targets -> Jsonb, capacity_state -> Text,
    capacity_as_of -> Timestamptz, places -> Nullable<Integer>, source -> Nullable<Text>, source_id -> Nullable<Text>, version -> Integer,
} }
table! { service_places (network_id, service_id) { network_id -> Uuid, service_id -> Uuid, taken -> Integer, } }
table! { referrals (network_id, referral_id) {
    network_id -> Uuid, referral_id -> Uuid, version -> Integer, reference -> Text, person_id -> Uuid, from_organisation_id -> Uuid,
    from_user_id -> Nullable<Uuid>, to_organisation_id -> Uuid, service_id -> Uuid, parent_id -> Nullable<Uuid>,
    parent_organisation_id -> Nullable<Uuid>, origin_id -> Nullable<Uuid>, decision_id -> Nullable<Uuid>, route -> Text, brief -> Jsonb,
    feedback -> Text, risk -> Text, drafted_at -> Timestamptz, sent_at -> Nullable<Timestamptz>, stage -> Text, stage_since -> Timestamptz,
    stage_detail -> Jsonb, due_at -> Nullable<Timestamptz>, owner_organisation_id -> Nullable<Uuid>, worker_id -> Nullable<Uuid>,
    sealed_note -> Nullable<Binary>, unread_sender -> Integer, unread_receiver -> Integer, next_step -> Nullable<Text>,
    asker_organisation_id -> Nullable<Uuid>, asker_user_id -> Nullable<Uuid>, risk_acknowledged_by -> Nullable<Uuid>,
} }
table! { referral_chases (network_id, referral_id) {
    network_id -> Uuid, referral_id -> Uuid, due_at -> Timestamptz, step -> Text, next_at -> Nullable<Timestamptz>,
} }
table! {
    /// What other acts keep on a referral's row.
    #[sql_name = "referrals"]
    referral_marks (network_id, referral_id) {
        network_id -> Uuid, referral_id -> Uuid, sealed_close_out -> Nullable<Binary>, latest_contact_at -> Nullable<Timestamptz>,
        latest_contact_result -> Nullable<Text>, last_sent_at -> Nullable<Timestamptz>,
    }
}
table! { plan_versions (network_id, plan_id) {
    network_id -> Uuid, plan_id -> Uuid, person_id -> Uuid, version -> Integer, organisation_id -> Uuid, user_id -> Uuid,
    saved_at -> Timestamptz, sealed_content -> Binary,
} }
table! { contacts (network_id, contact_id) {
    network_id -> Uuid, contact_id -> Uuid, person_id -> Uuid, referral_id -> Uuid, organisation_id -> Uuid, user_id -> Nullable<Uuid>,
    at -> Timestamptz, channel -> Text, result -> Text, minutes -> SmallInt, sealed_note -> Nullable<Binary>, next_step -> Nullable<Text>,
    next_due_at -> Nullable<Timestamptz>, taken_back_at -> Nullable<Timestamptz>,
} }
table! { referral_undos (network_id, referral_id) {
    network_id -> Uuid, referral_id -> Uuid, organisation_id -> Uuid, what -> Text, contact_id -> Nullable<Uuid>, by_user_id -> Uuid,
    at -> Timestamptz, version -> Integer, undone -> Bool, before -> Jsonb,
} }
table! { events (network_id, event_id) {
    network_id -> Uuid, event_id -> Uuid, at -> Timestamptz, name -> Text, kind -> Text, subject_id -> Uuid, referral_id -> Nullable<Uuid>,
    person_id -> Nullable<Uuid>, audience -> Array<Uuid>, organisation_id -> Nullable<Uuid>, actor_kind -> Text, actor_id -> Nullable<Uuid>,
    reason -> Nullable<Text>, facts -> Jsonb,
} }
table! { audit_entries (network_id, audit_id) {
    network_id -> Uuid, audit_id -> Uuid, at -> Timestamptz, organisation_id -> Nullable<Uuid>, actor_kind -> Text, actor_id -> Nullable<Uuid>,
    membership_id -> Nullable<Uuid>, request_id -> Uuid, action -> Text, kind -> Text, subject_id -> Uuid, person_id -> Nullable<Uuid>,
    person_ids -> Nullable<Array<Uuid>>, result -> Text, reason -> Nullable<Text>,
} }
table! { outbox (network_id, message_id) {
    network_id -> Uuid, message_id -> Uuid, organisation_id -> Nullable<Uuid>, from_organisation_id -> Nullable<Uuid>, user_id -> Nullable<Uuid>,
    template -> Text, template_version -> SmallInt, referral_id -> Nullable<Uuid>, person_id -> Nullable<Uuid>, link_id -> Nullable<Uuid>,
    created_at -> Timestamptz, next_try_at -> Timestamptz, tries -> SmallInt, status -> Text, settled_at -> Nullable<Timestamptz>,
    last_error -> Nullable<Text>, subject_id -> Nullable<Uuid>,
} }
table! { links (network_id, link_id) {
    network_id -> Uuid, link_id -> Uuid, organisation_id -> Uuid, referral_id -> Uuid, created_at -> Timestamptz, expires_at -> Timestamptz,
    spent_at -> Nullable<Timestamptz>, code_hash -> Nullable<Binary>, code_expires_at -> Nullable<Timestamptz>, code_tries -> SmallInt,
    codes_sent -> SmallInt,
} }
table! { link_devices (network_id, organisation_id, secret_hash) {
    network_id -> Uuid, organisation_id -> Uuid, secret_hash -> Binary, created_at -> Timestamptz, expires_at -> Timestamptz,
} }
table! { tasks (network_id, task_id) {
    network_id -> Uuid, task_id -> Uuid, organisation_id -> Uuid, user_id -> Nullable<Uuid>, kind -> Text, referral_id -> Nullable<Uuid>,
    created_at -> Timestamptz, due_at -> Timestamptz, done_at -> Nullable<Timestamptz>, done_by -> Nullable<Uuid>,
} }
table! { idempotency_keys (network_id, actor_id, membership_id, key) {
    network_id -> Uuid, actor_id -> Uuid, key -> Text, request_hash -> Binary, subject_id -> Nullable<Uuid>, created_at -> Timestamptz,
    membership_id -> Uuid,
} }

allow_tables_to_appear_in_same_query!(
    networks,
    organisations,
    agreements,
    applications,
    closings,
    custody_offers,
    joining,
    organisation_settings,
    users,
    memberships,
    invitations,
    sessions,
    refresh_tokens,
    authenticators,
    recovery_codes,
    passkeys,
    passkey_challenges,
    sign_in_tickets,
    login_links,
    persons,
    person_keys,
    person_tokens,
    person_access,
    person_matches,
    emergency_openings,
    access_requests,
    decisions,
    services,
    service_places,
    referrals,
    contacts,
    plan_versions,
    events,
    audit_entries,
    outbox,
    links,
    link_devices,
    tasks,
    identity_providers,
);
