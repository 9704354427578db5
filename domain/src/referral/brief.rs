//! What a provider sees before it accepts: need, age band, area, access needs. Nobody can be told from it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Need;
use crate::define_codes;
use crate::kernel::Outcode;

define_codes! {
    /// Ten-year bands, wide at both ends.
    AgeBand {
        Under18 = "under_18", "Under 18";
        From18 = "18_24", "18 to 24";
        From25 = "25_34", "25 to 34";
        From35 = "35_44", "35 to 44";
        From45 = "45_54", "45 to 54";
        From55 = "55_64", "55 to 64";
        From65 = "65_74", "65 to 74";
        From75 = "75_84", "75 to 84";
        From85 = "85_over", "85 or over";
        Unknown = "unknown", "Not known";
    }
}

define_codes! {
    /// What a place must offer.
    AccessNeed {
        StepFree = "step_free", "Step-free access";
        HearingLoop = "hearing_loop", "Hearing loop or clear speech";
        Interpreter = "interpreter", "Interpreter";
        Bsl = "bsl", "British Sign Language";
        Transport = "transport", "Help with getting there";
        SomeoneToComeAlong = "buddy", "Somebody to come along the first time";
        Quiet = "quiet", "A quiet place";
    }
}

impl AgeBand {
    /// The band on a given day.
    pub fn on(birth: Date, day: Date) -> Self {
        let years = i32::from(day.year()) - i32::from(birth.year());
        let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
        match if had_birthday { years } else { years - 1 } {
            ..18 => Self::Under18,
            18..=24 => Self::From18,
            25..=34 => Self::From25,
            35..=44 => Self::From35,
            45..=54 => Self::From45,
            55..=64 => Self::From55,
            65..=74 => Self::From65,
            75..=84 => Self::From75,
            85.. => Self::From85,
        }
    }
}

/// The de-identified request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    pub needs: Vec<Need>,
    pub age_band: AgeBand,
    pub area: Option<Outcode>,
    pub access_needs: Vec<AccessNeed>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_band_changes_on_the_birthday() {
        let birth = date(1959, 5, 4);
        assert_eq!(AgeBand::on(birth, date(2024, 5, 3)), AgeBand::From55);
        assert_eq!(AgeBand::on(birth, date(2024, 5, 4)), AgeBand::From65);
    }
}
