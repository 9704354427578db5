//! Reading a directory that somebody else published, as an Open Referral (HSDS) tabular package.
//! Owns what the files mean, and the account of every row. It saves nothing: the plan is carried out
//! through the domain's use cases by whoever asked for it.

mod ledger;
mod links;
mod package;
mod plan;
mod report;
mod service_text;

pub use ledger::{Ledger, Reason};
pub use package::{Package, PackageError};
pub use plan::{Plan, PlannedOrganisation, PlannedService, SOURCE};
pub use report::{AlreadyThere, FileCount, Refused, Report};
