//! Every refusal code of the schema, met over GraphQL by somebody who could meet it, and nothing left behind.
//! A code without a line in the table fails the last test here: see [`refusals`].

use std::collections::BTreeSet;

use anyhow::Context;
use serde_json::{Value, json};
use trellis_tests::footprint::{changed, footprint};
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

#[expect(
    clippy::unused_async,
    reason = "some stories begin with the request that is refused; all are told alike"
)]
mod credentials;
mod custody;
mod directory;
#[expect(
    clippy::unused_async,
    reason = "some stories begin with the request that is refused; all are told alike"
)]
mod doors;
#[expect(
    clippy::unused_async,
    reason = "some stories begin with the request that is refused; all are told alike"
)]
mod emergencies;
#[expect(
    clippy::unused_async,
    reason = "some stories begin with the request that is refused; all are told alike"
)]
mod organisations;
#[expect(
    clippy::unused_async,
    reason = "some stories begin with the request that is refused; all are told alike"
)]
mod people;
mod providers;
mod referrals;
mod settings;

/// A region and those who act in it.
pub struct Scene {
    pub served: Served,
    pub region: Region,
}

/// What is about to be refused.
pub struct Asked {
    by: Client,
    name: &'static str,
    query: String,
    variables: Value,
    /// Tables that a refusal of this kind has to write to: the try that was counted, the family that was ended.
    leaves: &'static [&'static str],
}

impl Asked {
    pub fn of(by: Client, name: &'static str, input_type: &str, input: Value) -> Self {
        let query = format!(
            "mutation($input: {input_type}!) {{ {name}(input: $input) {{ refusal {{ code message next }} }} }}"
        );
        Self { by, name, query, variables: json!({ "input": input }), leaves: &[] }
    }

    /// A mutation without an input of its own.
    pub fn plainly(by: Client, name: &'static str, query: &str, variables: Value) -> Self {
        Self { by, name, query: query.to_owned(), variables, leaves: &[] }
    }

    pub fn leaving(self, leaves: &'static [&'static str]) -> Self {
        Self { leaves, ..self }
    }
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        Ok(Self { served, region })
    }

    pub fn client(&self, who: &Persona) -> anyhow::Result<Client> {
        self.served.client(who)
    }

    pub fn anonymous(&self) -> Client {
        Client::new(&self.served.url, None)
    }

    pub fn gp(&self) -> anyhow::Result<Client> {
        self.client(&self.region.referrer)
    }

    pub fn lead(&self) -> anyhow::Result<Client> {
        self.client(&self.region.team_lead)
    }

    pub fn bea(&self) -> anyhow::Result<Client> {
        self.client(&self.region.volunteer)
    }

    pub fn days_pass(&self, days: i64) {
        self.served.world.clock.advance(jiff::SignedDuration::from_hours(24 * days));
    }

    pub fn mailbox(&self) -> anyhow::Result<Mailbox> {
        Mailbox::of(&self.served)
    }

    /// The request is refused by this name, in words, and the database is as it was.
    async fn is_refused(&self, code: &str, asked: Asked) -> anyhow::Result<()> {
        let before = footprint(&self.served.world.database).await?;
        let answer = asked.by.ask(&asked.query, asked.variables.clone()).await?;
        let refusal = &answer.body["data"][asked.name]["refusal"];
        assert_eq!(refusal["code"], code, "{}: {}", asked.name, answer.body);
        for words in ["message", "next"] {
            assert!(refusal[words].as_str().is_some_and(|said| said.len() > 10), "{words}: {refusal}");
        }
        let after = footprint(&self.served.world.database).await?;
        assert_eq!(changed(&before, &after), asked.leaves, "{code} left something behind");
        Ok(())
    }
}

/// One line a way to be refused: the code of the schema, and the story that leads to it. A story does everything up to
/// the request that is refused, and returns that one.
macro_rules! refusals {
    ($($code:ident: $folder:ident::$story:ident),+ $(,)?) => {
        const TOLD: &[&str] = &[$(stringify!($code)),+];
        $(
            #[tokio::test]
            async fn $story() -> anyhow::Result<()> {
                let scene = Scene::new().await?;
                let asked = $folder::$story(&scene).await.context("the story up to the refusal")?;
                scene.is_refused(stringify!($code), asked).await
            }
        )+
    };
}

refusals! {
    NOT_FOUND: referrals::what_is_not_ours_is_not_found,
    DENIED: referrals::an_analyst_accepts_nothing,
    NOT_IN_THIS_STAGE: referrals::what_was_not_accepted_cannot_start,
    STALE: referrals::somebody_else_was_quicker,
    STALE: people::somebody_else_has_planned_first,
    NO_DECISION: people::nobody_is_sent_without_agreeing,
    DECISION_WITHDRAWN: people::what_was_taken_back_allows_nothing,
    DECISION_EXPIRED: people::what_has_ended_allows_nothing,
    SERVICE_NOT_RUNNING: directory::a_service_that_stopped_takes_nobody,
    SERVICE_CLOSED: directory::a_service_that_closed_takes_nobody,
    NEED_NOT_MET: directory::a_service_for_other_needs,
    AGE_NOT_MET: directory::a_service_for_other_ages,
    AREA_NOT_MET: directory::a_service_for_other_areas,
    INTAKE_LIMIT: directory::a_service_that_was_asked_enough_this_week,
    NO_PLACE: directory::a_full_group_offers_no_place,
    NOT_FIRST_IN_QUEUE: directory::nobody_jumps_the_queue,
    TOO_FEW_ATTEMPTS: referrals::nobody_is_given_up_on_too_soon,
    DATE_IN_PAST: referrals::a_pause_cannot_have_ended,
    DATE_IN_PAST: people::a_decision_cannot_have_ended,
    DATE_IN_PAST: referrals::a_next_step_cannot_have_passed,
    TOO_LATE_TO_REOPEN: referrals::a_month_later_it_is_a_new_referral,
    NEEDS_NAMED_WORKER: referrals::a_risk_needs_somebody_by_name,
    RISK_NOT_ACKNOWLEDGED: referrals::whoever_is_named_first_says_that_they_know,
    REASON_NEEDED: referrals::nobody_takes_it_from_somebody_without_saying_why,
    TOO_LATE_TO_UNDO: referrals::eleven_minutes_later_it_is_not_undone,
    CHANGED_SINCE: referrals::what_somebody_has_built_on_is_not_undone,
    WORKER_NOT_FOUND: referrals::nobody_of_another_organisation_is_given_it,
    ALREADY_REGISTERED: people::an_nhs_number_is_one_person,
    POSSIBLE_DUPLICATE: people::somebody_who_looks_the_same,
    ASKED_ALREADY: people::a_service_that_was_asked_already,
    CHANNEL_NOT_ALLOWED: referrals::no_text_to_whoever_wants_letters,
    NO_VOICEMAIL: people::no_message_for_whoever_wants_none,
    FEWER_THAN_TAKEN: directory::places_that_are_taken_stay,
    ALREADY_WITHDRAWN: people::a_decision_is_taken_back_once,
    NO_RECORD: emergencies::nobody_has_these_details,
    OPEN_ALREADY: emergencies::what_is_open_is_not_opened_again,
    REVIEWED_ALREADY: emergencies::it_is_reviewed_once,
    ANSWERED_ALREADY: emergencies::a_request_for_access_is_answered_once,
    INVALID_INPUT: people::a_number_that_is_none,
    INVALID_INPUT: people::a_plan_that_says_nothing,
    IDEMPOTENCY_KEY_REUSED: referrals::a_key_is_one_request,
    SIGN_IN_FAILED: doors::a_wrong_password,
    SIGN_IN_FAILED: doors::a_refresh_token_that_is_none,
    SIGN_IN_FAILED: doors::a_refresh_token_used_twice_ends_its_family,
    TOO_MANY_TRIES: doors::a_sixth_guess,
    TOO_MANY_TRIES: doors::a_sixth_code,
    LINK_EXPIRED: doors::a_link_of_last_month,
    LINK_SPENT: doors::a_link_that_answered,
    CODE_WRONG: doors::a_code_that_is_another,
    SECOND_FACTOR_NEEDED: credentials::a_password_alone_where_there_is_an_app,
    SECOND_FACTOR_NEEDED: credentials::a_switch_to_where_two_factors_are_asked_for,
    SET_UP_SECOND_FACTOR: credentials::a_password_alone_where_two_factors_are_asked_for,
    SIGN_IN_AGAIN: credentials::a_ticket_that_is_none,
    CODE_WRONG: credentials::a_code_of_no_app,
    TOO_MANY_TRIES: credentials::an_eleventh_proof,
    PROVE_YOURSELF: credentials::a_change_an_hour_after_signing_in,
    ALREADY_SET_UP: credentials::a_second_app,
    PASSWORD_WRONG: credentials::a_change_by_somebody_who_does_not_know_it,
    PASSWORD_TOO_WEAK: credentials::a_password_everybody_tries_first,
    LONGER_PASSWORD_FIRST: credentials::a_short_password_is_not_left_alone,
    PASSKEY_REFUSED: credentials::an_answer_to_nothing,
    NO_PASSKEYS_HERE: credentials::a_passkey_for_a_number,
    ALREADY_MEMBER: organisations::whoever_is_a_member_is_not_invited,
    ALREADY_INVITED: organisations::nobody_is_invited_twice,
    ROLE_NOT_HERE: organisations::a_link_service_has_no_provider_workers,
    LAST_ADMINISTRATOR: organisations::the_last_coordinator_stays,
    OWN_ROLES: organisations::nobody_adds_a_role_to_their_own,
    NOT_YOURSELF: organisations::nobody_invites_themselves,
    ONLY_ADMINISTRATORS: organisations::an_administrator_chooses_the_people,
    ORGANISATION_SHUT: organisations::nobody_joins_what_is_shut,
    PASSWORD_TOO_WEAK: organisations::a_password_that_is_guessed_first,
    STILL_NEEDED: organisations::whoever_is_needed_is_not_closed,
    SUCCESSOR_CANNOT: organisations::a_practice_takes_no_caseload,
    ASKER_CLOSED: organisations::nothing_is_sent_back_to_nobody,
    ALL_SETTLED: organisations::nobody_takes_over_nothing,
    NOBODY_TO_HAND_OVER: custody::nobody_is_nothing_to_hand_over,
    OFFERED_ALREADY: custody::records_are_offered_to_one_at_a_time,
    RECEIVER_CANNOT: custody::a_group_without_a_privacy_officer_keeps_no_records,
    RECORDS_UNDER_WAY: custody::records_do_not_come_and_go_at_once,
    OFFER_OVER: custody::what_was_taken_back_is_not_accepted,
    OWN_OFFER: custody::nobody_signs_for_both,
    SHORT_NAME_TAKEN: providers::a_short_name_is_one_organisations,
    CLIENT_SECRET_NEEDED: providers::a_new_provider_needs_its_secret,
    NOTHING_TO_RESET: organisations::nobody_loses_what_they_do_not_have,
    LINK_NOT_YET: organisations::a_login_of_several_organisations_has_a_day_to_stop_it,
    OWN_ACCESS: organisations::nobody_confirms_their_own_access,
    PROVIDER_NOT_USABLE: providers::a_provider_that_does_not_answer,
    CONTRAST_TOO_LOW: settings::a_colour_on_which_nobody_can_read,
    PICTURE_NOT_USABLE: settings::a_logo_that_is_a_program,
    NOT_PLANNED: settings::what_holds_already_is_not_withdrawn,
}

/// The first line is what somebody sees who has added a code.
#[tokio::test]
async fn every_refusal_code_of_the_schema_has_its_story() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let query = "{ __type(name: \"RefusalCode\") { enumValues(includeDeprecated: true) { name } } }";
    let schema = scene.gp()?.data(query, json!({})).await?;
    let values = schema["__type"]["enumValues"].as_array().cloned().unwrap_or_default();
    let offered: BTreeSet<&str> = values.iter().filter_map(|value| value["name"].as_str()).collect();
    let told: BTreeSet<&str> = TOLD.iter().copied().collect();
    assert!(!offered.is_empty());
    let untold: Vec<_> = offered.difference(&told).collect();
    assert!(
        untold.is_empty(),
        "{untold:?}: add a line `CODE: folder::what_happens` to `refusals!` in tests/it/every_refusal.rs, and the \
         story that leads to it in tests/it/every_refusal/"
    );
    let gone: Vec<_> = told.difference(&offered).collect();
    assert!(gone.is_empty(), "{gone:?} can no longer be met: take the lines away");
    Ok(())
}
