//! Who may do what to which: one table, printed and reviewed. Nothing else in Trellis decides this.

pub mod matrix;
pub mod permit;
pub mod role;
pub mod rules;
pub mod visibility;

#[cfg(test)]
mod matrix_tests;

pub use permit::{Authorised, Denial, Denied, Guarded, Permit, Refused};
pub use role::{Role, Roles};
pub use rules::{Action, Reach, Side};
pub use visibility::Visibility;
