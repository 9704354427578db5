//! What the schema shows of the domain's things.

pub mod contact;
pub mod decision;
pub mod person;
pub mod referral;
pub mod service;
pub mod viewer;

pub use contact::ContactObject;
pub use decision::DecisionObject;
pub use person::PersonObject;
pub use referral::ReferralObject;
pub use service::ServiceObject;
pub use viewer::ViewerObject;
