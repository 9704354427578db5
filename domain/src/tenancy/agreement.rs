//! What an organisation has signed to work in the network: of which kind, in which version, from when and until when.

use jiff::civil::Date;
use jiff::{Span, Timestamp, tz::TimeZone};

use crate::define_codes;
use crate::kernel::{AgreementId, Line};

define_codes! {
    AgreementKind {
        DataSharing = "data_sharing", "Data sharing agreement";
        Membership = "membership", "Network membership";
        Funding = "funding", "Funding agreement";
        Other = "other", "Other agreement";
    }
}

define_codes! {
    /// How an agreement stands on a day.
    AgreementStanding {
        InForce = "in_force", "In force";
        EndsSoon = "ends_soon", "Ends within 90 days";
        Ended = "ended", "Has ended";
    }
}

const SOON_DAYS: i32 = 90;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    pub kind: AgreementKind,
    pub version: Line,
    pub agreed_on: Date,
    /// The last day on which it holds. None: until somebody ends it.
    pub ends_on: Option<Date>,
}

/// One that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementEntry {
    pub id: AgreementId,
    pub agreement: Agreement,
}

impl Agreement {
    /// Whether the dates make sense is known without anybody being asked.
    pub fn has_sense(&self) -> bool {
        self.ends_on.is_none_or(|ends| ends >= self.agreed_on)
    }

    pub fn standing(&self, now: Timestamp, zone: &TimeZone) -> AgreementStanding {
        let today = now.to_zoned(zone.clone()).date();
        let soon = today.checked_add(Span::new().days(SOON_DAYS)).unwrap_or(Date::MAX);
        match self.ends_on {
            Some(ends) if ends < today => AgreementStanding::Ended,
            Some(ends) if ends <= soon => AgreementStanding::EndsSoon,
            _ => AgreementStanding::InForce,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_agreement_holds_through_its_last_day_and_is_seen_to_end_ninety_days_before() {
        let agreement = |ends_on| Agreement {
            kind: AgreementKind::DataSharing,
            version: Line::parse("2").unwrap(),
            agreed_on: date(2026, 1, 1),
            ends_on,
        };
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let standing = |ends_on| agreement(ends_on).standing(now, &TimeZone::UTC);
        assert_eq!(standing(None), AgreementStanding::InForce);
        assert_eq!(standing(Some(date(2026, 11, 26))), AgreementStanding::Ended);
        assert_eq!(standing(Some(date(2026, 11, 27))), AgreementStanding::EndsSoon);
        assert_eq!(standing(Some(date(2027, 2, 25))), AgreementStanding::EndsSoon);
        assert_eq!(standing(Some(date(2027, 2, 26))), AgreementStanding::InForce);
        assert!(!agreement(Some(date(2025, 12, 31))).has_sense());
    }
}
