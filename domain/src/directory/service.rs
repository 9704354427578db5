//! A service as people choose it, and its intake rules.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Capacity;
use crate::define_codes;
use crate::kernel::{OpContext, OrganisationId, Outcode, ServiceId, Subject, TypedId};
use crate::policy::{Guarded, Side};
use crate::referral::{AgeBand, Brief, Need};

define_codes! {
    /// HSDS 3.0 `service.status`.
    ServiceStatus {
        Active = "active", "Active";
        Inactive = "inactive", "Not running";
        Defunct = "defunct", "No longer exists";
        TemporarilyClosed = "temporarily closed", "Closed for now";
    }
}

define_codes! {
    /// What it costs the person.
    Cost {
        Free = "free", "Free";
        Small = "small", "A small charge";
        Paid = "paid", "Paid";
        Unknown = "unknown", "Not known";
    }
}

/// Whom the service takes (C4). Empty lists mean no limit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IntakeRules {
    pub needs: Vec<Need>,
    pub age_bands: Vec<AgeBand>,
    pub areas: Vec<Outcode>,
    /// Requests in seven days, from everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places_a_week: Option<u32>,
    /// Requests in seven days from one organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_referrer_a_week: Option<u32>,
}

impl IntakeRules {
    /// Does it take only so many? Then a request is judged with the service locked, or two could both be the last.
    pub fn counts_requests(&self) -> bool {
        self.places_a_week.is_some() || self.per_referrer_a_week.is_some()
    }
}

/// Requests that reached a service in the last seven days, but for the one that is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SentLately {
    pub by_everybody: u32,
    /// By the organisation that asks now.
    pub by_us: u32,
}

/// Working days until somebody has to have done something, and tries before giving up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    pub reply_days: u16,
    pub contact_days: u16,
    pub review_days: u16,
    pub attempts_before_end: u32,
}

impl Default for Targets {
    fn default() -> Self {
        Self { reply_days: 5, contact_days: 5, review_days: 20, attempts_before_end: 3 }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    pub id: ServiceId,
    pub organisation: OrganisationId,
    pub name: String,
    pub description: Option<String>,
    pub status: ServiceStatus,
    pub area: Option<Outcode>,
    /// WGS 84 degrees.
    pub place: Option<(f64, f64)>,
    pub cost: Cost,
    pub step_free: Option<bool>,
    pub online: bool,
    /// BCP 47 codes.
    pub languages: Vec<String>,
    pub intake: IntakeRules,
    pub targets: Targets,
    pub capacity: Capacity,
    /// Where the entry came from and its id there, for imported entries.
    pub source: Option<(String, String)>,
    pub version: i32,
}

/// Why a person cannot be sent to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    #[error("the service is not running")]
    NotRunning,
    #[error("the service takes no requests at the moment")]
    Closed,
    #[error("the service does not help with these needs")]
    Need,
    #[error("the service is for other ages")]
    Age,
    #[error("the service does not cover this area")]
    Area,
    #[error("the service has had as many requests this week as it takes")]
    WeekIsFull,
    #[error("the service has had as many requests from one organisation this week as it takes")]
    ReferrerIsFull,
}

/// Proof that the service is open and its intake rules are met.
#[derive(Debug)]
pub struct Admission(());

impl Service {
    pub fn admits(&self, brief: &Brief, lately: SentLately) -> Result<Admission, NotAdmitted> {
        if self.status != ServiceStatus::Active {
            return Err(NotAdmitted::NotRunning);
        }
        if !self.capacity.takes_requests() {
            return Err(NotAdmitted::Closed);
        }
        let rules = &self.intake;
        if !rules.needs.is_empty() && !brief.needs.iter().any(|need| rules.needs.contains(need)) {
            return Err(NotAdmitted::Need);
        }
        let age_fits = brief.age_band == AgeBand::Unknown || rules.age_bands.contains(&brief.age_band);
        if !rules.age_bands.is_empty() && !age_fits {
            return Err(NotAdmitted::Age);
        }
        let area_fits = brief.area.as_ref().is_none_or(|area| rules.areas.contains(area));
        if !rules.areas.is_empty() && !area_fits {
            return Err(NotAdmitted::Area);
        }
        if rules.places_a_week.is_some_and(|most| lately.by_everybody >= most) {
            return Err(NotAdmitted::WeekIsFull);
        }
        let ours_full = rules.per_referrer_a_week.is_some_and(|most| lately.by_us >= most);
        if ours_full { Err(NotAdmitted::ReferrerIsFull) } else { Ok(Admission(())) }
    }
}

/// What happened to a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceEvent {
    pub service: ServiceId,
    pub organisation: OrganisationId,
    pub name: &'static str,
}

impl Subject for Service {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Service {
    const KIND: &'static str = "service";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Owner => op.organisation() == Some(self.organisation),
            Side::Network => true,
            _ => false,
        }
    }

    fn is_own(&self, op: &OpContext) -> bool {
        op.organisation() == Some(self.organisation)
    }
}
