//! Every GraphQL document the pages run: the manifest. Each is checked against `api/schema.graphql` when this crate compiles.
//! Owns their typed variables and answers. Refuses to build a document at run time: there is no other way to ask.
pub mod access_request;
pub mod access_review;
pub mod account;
pub mod application;
pub mod commands;
pub mod contact;
pub mod custody;
pub mod emergency;
pub mod inbox;
pub mod people;
pub mod plan;
pub mod refer;
pub mod referral;
pub mod reset;
pub mod respond;
pub mod services;
pub mod settings;
pub mod sso;
pub mod staff;
pub mod team;
pub mod today;
pub mod viewer;

use graphql_client::GraphQLQuery;
use serde::Deserialize;

use crate::codes::RefusalCode;
use crate::executor::Document;

/// The schema's own scalars.
pub mod scalars {
    pub type DateTime = jiff::Timestamp;
    pub type Date = jiff::civil::Date;
}

/// Derives the types of one document. The enums are the ones of `codes`, which the caller brings into scope.
macro_rules! document {
    ($name:ident, $path:tt) => {
        #[derive(Debug, Clone, Copy, graphql_client::GraphQLQuery)]
        #[graphql(
            schema_path = "../api/schema.graphql",
            query_path = $path,
            response_derives = "Debug, Clone",
            variables_derives = "Debug, Clone",
            custom_scalars_module = "crate::documents::scalars",
            skip_serializing_none,
            extern_enums("Role", "OrganisationKind", "ReferralStage", "ReferralCommand", "Need", "AccessNeed", "AgeBand", "ReferralRoute", "Risk", "FeedbackChoice", "ReturnReason", "DeclineReason", "HoldReason", "OutOfTurnReason", "Outcome", "EndReason", "WithdrawnBy", "CancelReason", "TransferReason", "ReopenReason", "ContactChannel", "ContactResult", "NextStep", "InformationFormat", "DecisionPurpose", "DecisionScope", "HowGiven", "CapacityState", "Cost", "AccessLevel", "TaskKind", "WorklistKind", "ReferralSide", "OfferedRequestState", "OfferAnswer", "RefusalCode", "ReviewVerdict", "AccessAnswer", "PasskeyUse", "AgreementKind", "AgreementStanding", "SuspensionReason", "InvitationState", "ApplicationStage", "ApplicationRefusal", "CustodyReason", "CustodyDecline", "CustodyStage", "AgainReason", "SamenessVerdict", "Likeness", "PlanActionKind", "PlanActionBy", "PlanChangeKind", "ReassignReason")
        )]
        pub struct $name;
    };
}
use document;

macro_rules! manifest {
    ($($module:ident :: $operation:ident),+ $(,)?) => {
        /// All of them, for whoever keeps a list of what is trusted.
        pub const MANIFEST: &[Document] = &[$(Document {
            name: $module::$operation::OPERATION_NAME,
            text: $module::$operation::QUERY,
        }),+];
    };
}
manifest!(
    viewer::frame,
    today::worklist,
    today::finish_task,
    inbox::inbox,
    inbox::members,
    referral::one_referral,
    referral::standing,
    referral::mark_read,
    people::caseload,
    people::one_person,
    people::people,
    people::known_person,
    people::possible_matches,
    people::decide_sameness,
    people::take_back_sameness,
    plan::person_plan,
    plan::plan_versions,
    plan::save_plan,
    contact::log_contact,
    contact::undo_contact,
    team::team,
    team::shared_out,
    team::reassign_many,
    team::undo_allocation,
    team::undo_many,
    services::services,
    services::one_service,
    services::alternatives,
    respond::offered_request,
    respond::answer_offer,
    respond::verify_device,
    refer::refer,
    refer::refer_onward,
    commands::send,
    commands::accept,
    commands::waitlist,
    commands::offer_place,
    commands::give_back,
    commands::decline,
    commands::allocate,
    commands::reassign,
    commands::acknowledge_risk,
    commands::start,
    commands::hold,
    commands::resume,
    commands::complete,
    commands::end,
    commands::withdraw,
    commands::cancel,
    commands::transfer,
    commands::reopen,
    staff::staff,
    staff::invitations,
    staff::managed_organisations,
    staff::one_organisation,
    staff::opened_invitation,
    staff::invite_member,
    staff::resend_invitation,
    staff::withdraw_invitation,
    staff::accept_invitation,
    staff::ask_for_invitation,
    staff::change_roles,
    staff::end_membership,
    staff::end_member_sessions,
    staff::create_organisation,
    staff::suspend_organisation,
    staff::let_in_organisation,
    staff::close_organisation,
    staff::name_successor,
    staff::closing_organisation,
    staff::add_agreement,
    application::applications,
    application::one_application,
    application::waiting_applications,
    application::joinable,
    application::own_application,
    application::apply_to_join,
    application::confirm_application,
    application::reply_to_question,
    application::approve_application,
    application::ask_applicant,
    application::decline_application,
    application::change_joining,
    emergency::emergencies,
    emergency::open_in_emergency,
    emergency::close_emergency,
    emergency::review_emergency,
    access_request::access_requests,
    access_request::ask_for_access,
    access_request::answer_access_request,
    account::sign_in_ticket,
    account::start_authenticator,
    account::confirm_authenticator,
    account::ask_passkey,
    account::security,
    account::add_passkey,
    account::rename_passkey,
    account::remove_passkey,
    account::remove_authenticator,
    account::renew_recovery_codes,
    account::change_password,
    account::end_session,
    account::end_other_sessions,
    account::prove_yourself,
    account::mail_sign_in_link,
    account::mail_recovery_link,
    account::recover_password,
    settings::settings_page,
    settings::settings_check,
    settings::change_settings,
    settings::withdraw_settings,
    settings::add_logo,
    sso::identity_provider,
    sso::connections,
    sso::configure_identity_provider,
    sso::enable_identity_provider,
    sso::test_identity_provider,
    sso::disconnect_identity,
    staff::staff_member,
    access_review::access_review,
    access_review::lacking_second_factor,
    access_review::confirm_access,
    access_review::export_access_review,
    custody::custody,
    custody::offer_custody,
    custody::withdraw_custody_offer,
    custody::answer_custody_offer,
    reset::start_factor_reset,
    reset::opened_reset,
    reset::stop_factor_reset,
);

/// The document and its variables, ready for the executor.
pub fn asked<Q: GraphQLQuery>(variables: Q::Variables) -> (Document, serde_json::Result<serde_json::Value>) {
    let body = Q::build_query(variables);
    (Document { name: body.operation_name, text: body.query }, serde_json::to_value(body.variables))
}

/// Why an expected thing did not happen, in words that can be shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refusal {
    pub code: RefusalCode,
    pub message: String,
    pub next: String,
    /// The input's field, as a path such as `identity.nhsNumber`.
    pub field: Option<String>,
}

/// What each mutation answers: its payload, whichever it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Acted {
    pub referral: Option<Changed>,
    /// One that was set up.
    pub organisation: Option<Made>,
    pub emergency: Option<Opened>,
    /// A picture that was kept.
    pub logo: Option<Drawn>,
    /// One that was logged.
    pub contact: Option<Made>,
    pub refusal: Option<Refusal>,
    pub device: Option<String>,
    #[serde(default)]
    pub code_sent: bool,
}

/// A picture, drawn anew.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Drawn {
    pub digest: String,
}

/// An emergency opening.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Opened {
    pub id: String,
    pub person_id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Changed {
    pub id: String,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Made {
    pub id: String,
}

impl Acted {
    /// It is done once whoever asks has proved again who they are.
    pub fn asks_for_proof(&self) -> bool {
        self.refusal.as_ref().is_some_and(|refusal| refusal.code == RefusalCode::ProveYourself)
    }

    /// The payload of the one field that a mutation's document asks for.
    pub fn of(data: serde_json::Value) -> Option<Self> {
        let serde_json::Value::Object(fields) = data else { return None };
        let payload = fields.into_iter().next()?.1;
        serde_json::from_value(payload).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_payload_is_read_whatever_the_field_is_called() {
        let data = json!({"acceptReferral": {"referral": {"id": "ref_1", "version": 3}, "refusal": null}});
        let acted = Acted::of(data).unwrap();
        assert_eq!(acted.referral, Some(Changed { id: "ref_1".into(), version: 3 }));
        assert_eq!(acted.refusal, None);
    }

    #[test]
    fn each_document_is_one_operation_so_that_its_cost_is_its_own() {
        for document in MANIFEST {
            let operations = document
                .text
                .lines()
                .filter(|line| line.starts_with("query ") || line.starts_with("mutation "));
            assert_eq!(operations.count(), 1, "{}", document.name);
        }
    }

    #[test]
    fn every_file_of_the_folder_is_in_the_manifest_and_no_name_is_there_twice() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/documents");
        let count = |folder: &str| {
            let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            files.filter(|path| path.extension().is_some_and(|ending| ending == "graphql")).count()
        };
        assert_eq!(MANIFEST.len(), count(root) + count(&format!("{root}/commands")));
        let names: std::collections::BTreeSet<_> = MANIFEST.iter().map(|document| document.name).collect();
        assert_eq!(names.len(), MANIFEST.len());
    }
}
