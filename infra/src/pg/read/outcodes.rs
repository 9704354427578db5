//! The middles of UK outward codes, for distances that are coarse on purpose. Data, compiled in; see `infra/data`.

use std::collections::HashMap;
use std::sync::OnceLock;

use trellis_domain::kernel::Outcode;

const DATA: &str = include_str!("../../../data/uk_outcodes.csv");

#[derive(Debug, serde::Deserialize)]
struct Line {
    postcode: String,
    latitude: f64,
    longitude: f64,
}

/// Latitude and longitude of the middle of an outward code, read once a process. None for one that is not known.
pub fn middle_of(outcode: &Outcode) -> Option<(f64, f64)> {
    static KNOWN: OnceLock<HashMap<String, (f64, f64)>> = OnceLock::new();
    KNOWN.get_or_init(read).get(outcode.as_str()).copied()
}

fn read() -> HashMap<String, (f64, f64)> {
    let mut lines = csv::Reader::from_reader(DATA.as_bytes());
    let known = lines.deserialize::<Line>().filter_map(Result::ok);
    known.map(|line| (line.postcode, (line.latitude, line.longitude))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_kendal_is_in_cumbria() {
        assert_eq!(read().len(), 2_856);
        let (latitude, longitude) = middle_of(&Outcode::parse("LA9").unwrap()).unwrap();
        assert!((54.2..54.5).contains(&latitude) && (-2.9..-2.6).contains(&longitude));
    }
}
