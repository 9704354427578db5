//! Everything that can be asked, a file for each noun. A resolver parses, asks one read model and presents.

pub mod access_request;
pub mod access_review;
pub mod application;
pub mod custody;
pub mod directory;
pub mod emergency;
pub mod factor_reset;
pub mod offer;
pub mod page;
pub mod person;
pub mod referral;
pub mod settings;
pub mod sso;
pub mod staff;
pub mod team;
pub mod ticket;
pub mod viewer;
pub mod work;

use async_graphql::MergedObject;

#[derive(MergedObject, Default, Debug)]
#[graphql(name = "Query")]
pub struct Query(
    viewer::ViewerQuery,
    ticket::TicketQuery,
    work::WorkQuery,
    team::TeamQuery,
    referral::ReferralQuery,
    person::PersonQuery,
    emergency::EmergencyQuery,
    custody::CustodyQuery,
    access_request::AccessRequestQuery,
    directory::DirectoryQuery,
    offer::OfferQuery,
    staff::StaffQuery,
    application::ApplicationQuery,
    settings::SettingsQuery,
    sso::SsoQuery,
    access_review::AccessReviewQuery,
    factor_reset::FactorResetQuery,
);
