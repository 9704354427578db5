//! Where North Vale lies: nine real, neighbouring outward codes with invented names of places.
//! No place here is meant to be the real one behind its code.

use trellis_domain::kernel::{NetworkId, Outcode, TypedId};
use trellis_domain::tenancy::Network;

use super::error::DemoError;

pub(crate) const SLUG: &str = "north-vale";
pub(crate) const ZONE: &str = "Europe/London";

#[derive(Debug, Clone, Copy)]
pub(crate) struct Town {
    pub(crate) name: &'static str,
    pub(crate) outcode: &'static str,
    /// Of the middle of the outward code, from `infra/data/uk_outcodes.csv`.
    pub(crate) middle: (f64, f64),
}

impl Town {
    pub(crate) fn code(&self) -> Result<Outcode, DemoError> {
        Outcode::parse(self.outcode).map_err(DemoError::made("outcode"))
    }
}

const fn town(name: &'static str, outcode: &'static str, middle: (f64, f64)) -> Town {
    Town { name, outcode, middle }
}

pub(crate) const TOWNS: [Town; 9] = [
    town("Eastfield", "LA9", (54.32563, -2.74273)),
    town("Fellside", "LA8", (54.32373, -2.75961)),
    town("Millbeck", "LA7", (54.22568, -2.77162)),
    town("Thornbridge", "LA6", (54.17537, -2.61134)),
    town("Saltmarsh", "LA5", (54.14287, -2.78998)),
    town("High Vale", "LA10", (54.31433, -2.49348)),
    town("Harbour End", "LA11", (54.20034, -2.92446)),
    town("Lakehead", "LA22", (54.42276, -2.98649)),
    town("Castle Hill", "LA23", (54.37122, -2.91136)),
];

pub(crate) fn network(id: uuid::Uuid) -> Network {
    Network {
        id: NetworkId::from_uuid(id),
        name: "North Vale".into(),
        slug: SLUG.into(),
        zone: ZONE.into(),
        jurisdiction: "england".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_towns_lie_where_the_list_of_outcodes_says() {
        let list = include_str!("../../../infra/data/uk_outcodes.csv");
        for town in TOWNS {
            let (latitude, longitude) = town.middle;
            let start = format!("{},", town.outcode);
            let line = list.lines().find(|line| line.starts_with(&start)).unwrap();
            assert!(line.contains(&format!(",{latitude},{longitude},")), "{line}");
        }
    }
}
