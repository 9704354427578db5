//! Read models: one screen-sized question, one statement, each with the visibility the policy gave.
//! What is shown of a person is opened here, and recorded in the transaction of the look.

pub mod access_requests;
pub mod access_review;
mod alternatives;
pub mod applications;
pub mod caseload;
mod custody;
pub mod emergencies;
mod listed;
pub mod managed;
pub mod offer;
mod opened;
pub mod organisations;
pub mod outcodes;
pub mod people;
pub mod person_view;
pub mod receipt;
pub mod referral_view;
pub mod referrals;
pub mod services;
pub mod staff;
mod successors;
pub mod team;
pub mod timeline;
pub mod views;
pub mod worklist;

pub use access_requests::AccessRequestEntry;
pub use access_review::{AccessReviewFilter, ReviewStanding, review_key};
pub use caseload::{CaseloadFilter, CaseloadRow};
pub use custody::CustodyEntry;
pub use emergencies::{EmergencyEntry, Helping};
pub use listed::{NameKey, TimeKey};
pub use managed::ManagedOrganisation;
pub use offer::{OfferState, OfferedContact, OfferedRequest};
pub use organisations::{MemberCard, OrganisationCard};
pub use people::PersonSummary;
pub use person_view::{ContactEntry, DecisionEntry, PersonView};
pub use receipt::ReceiptLine;
pub use referral_view::ReferralView;
pub use referrals::{ReferralFilter, ReferralSide, ReferralSummary};
pub use services::{Near, ServiceEntry, ServiceFilter, ServiceKey};
pub use staff::{InvitationEntry, StaffFilter, StaffRow};
pub use team::{InHandOf, InNumbers, Team, TeamWorker};
pub use timeline::TimelineEntry;
pub use worklist::{WorklistCounts, WorklistItem};
