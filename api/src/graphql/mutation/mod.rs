//! Everything that can be done, a file for each noun. A resolver parses, calls one use case and presents.

pub mod access_request;
pub mod access_review;
pub mod application;
pub mod contact;
pub mod custody;
pub mod decision;
pub mod directory;
pub mod emergency;
pub mod factor_reset;
pub mod offer;
pub mod organisation;
pub mod person;
pub mod plan;
pub mod reassign;
pub mod refer;
pub mod referral;
pub mod sameness;
pub mod second_factor;
pub mod security;
pub mod session;
pub mod settings;
pub mod sso;
pub mod staff;

use async_graphql::MergedObject;

#[derive(MergedObject, Default, Debug)]
#[graphql(name = "Mutation")]
pub struct Mutation(
    session::SessionMutation,
    second_factor::SecondFactorMutation,
    security::SecurityMutation,
    person::PersonMutation,
    sameness::SamenessMutation,
    plan::PlanMutation,
    decision::DecisionMutation,
    emergency::EmergencyMutation,
    custody::CustodyMutation,
    access_request::AccessRequestMutation,
    refer::ReferMutation,
    referral::ReferralMutation,
    contact::ContactMutation,
    reassign::ReassignMutation,
    directory::DirectoryMutation,
    offer::OfferMutation,
    staff::StaffMutation,
    organisation::OrganisationMutation,
    application::ApplicationMutation,
    settings::SettingsMutation,
    sso::SsoMutation,
    access_review::AccessReviewMutation,
    factor_reset::FactorResetMutation,
);
