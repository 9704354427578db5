//! Services that people can be referred to, in Open Referral (HSDS) terms, with places and intake rules.

pub mod capacity;
pub mod publish;
pub mod repo;
pub mod service;
pub mod set_capacity;

#[cfg(test)]
mod admission_tests;

pub use capacity::{Capacity, CapacityState, Place, Room};
pub use repo::{ServiceReads, ServiceWrites};
pub use service::{
    Admission, Cost, IntakeRules, NotAdmitted, SentLately, Service, ServiceEvent, ServiceStatus, Targets,
};
