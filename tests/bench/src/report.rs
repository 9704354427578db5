//! The figures as people read them: each a ratio to a reference of the same round, with the noise beside it.

use hdrhistogram::Histogram;

use crate::load::Run;
use crate::scale::Scale;
use crate::workload::Workload;

/// One round: everything measured one after the other, under the same weather.
pub struct Round {
    pub pipelined: Run,
    pub one_by_one: Option<Run>,
    pub product: Run,
    /// Milliseconds of the product's processor time for each answer.
    pub cpu: f64,
    /// MiB.
    pub memory: f64,
}

/// All rounds of one workload at one size with one number of clients.
pub struct Measured {
    pub workload: Workload,
    pub scale: Scale,
    pub clients: u64,
    pub rounds: Vec<Round>,
}

impl Measured {
    /// The product's rate as a part of the reference's.
    pub fn ratio(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.product.rate / round.pipelined.rate))
    }

    fn ratio_one_by_one(&self) -> Option<f64> {
        let ratios =
            self.rounds.iter().filter_map(|round| Some(round.product.rate / round.one_by_one.as_ref()?.rate));
        let ratios: Vec<f64> = ratios.collect();
        (!ratios.is_empty()).then(|| median(ratios.into_iter()))
    }

    pub fn line(&self) -> String {
        let noise = spread(self.rounds.iter().map(|round| round.product.rate / round.pipelined.rate));
        let reference = |part| median(self.rounds.iter().map(|round| millis(&round.pipelined.latency, part)));
        let product = |part| median(self.rounds.iter().map(|round| millis(&round.product.latency, part)));
        let one_by_one =
            self.ratio_one_by_one().map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
        format!(
            "| {} | {} | {} | {:.0}/s | {:.2} (± {noise:.2}) | {one_by_one} | {:.1} / {:.1} | {:.1} / {:.1} | {:.2} | {:.0} |",
            self.workload.name(),
            self.scale.name(),
            self.clients,
            median(self.rounds.iter().map(|round| round.pipelined.rate)),
            self.ratio(),
            reference(50.0),
            reference(99.0),
            product(50.0),
            product(99.0),
            median(self.rounds.iter().map(|round| round.cpu)),
            median(self.rounds.iter().map(|round| round.memory)),
        )
    }
}

/// Threads beside tasks (ADR 0002): how much of the tasks' rate the threads reach, and the slow ends of both.
pub fn gate_line(name: &str, clients: u64, rounds: &[(Run, Run)]) -> String {
    let ratios = || rounds.iter().map(|(threads, tasks)| threads.rate / tasks.rate);
    let slow =
        |of: fn(&(Run, Run)) -> &Run| median(rounds.iter().map(|round| millis(&of(round).latency, 99.0)));
    format!(
        "| {name} | {clients} | {:.2} (± {:.2}) | {:.1} | {:.1} |",
        median(ratios()),
        spread(ratios()),
        slow(|round| &round.0),
        slow(|round| &round.1)
    )
}

pub const GATE_HEAD: &str = "\
| statements of | clients | threads / tasks | threads p99 ms | tasks p99 ms |\n\
|---|---|---|---|---|";

pub const HEAD: &str = "\
| workload | size | clients | reference | ratio | ratio, one by one | reference p50 / p99 ms | product p50 / p99 ms | CPU ms | MiB |\n\
|---|---|---|---|---|---|---|---|---|---|";

pub fn millis(latency: &Histogram<u64>, percentile: f64) -> f64 {
    let micros = u32::try_from(latency.value_at_percentile(percentile)).unwrap_or(u32::MAX);
    f64::from(micros) / 1000.0
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The middle one, or the higher of the two in the middle.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let values = sorted(values);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Half the distance between the least and the most.
pub fn spread(values: impl Iterator<Item = f64>) -> f64 {
    let values = sorted(values);
    values.last().zip(values.first()).map_or(f64::NAN, |(most, least)| (most - least) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_does_not_follow_an_outlier() {
        assert!((median([0.5, 9.0, 0.6].into_iter()) - 0.6).abs() < 1e-9);
        assert!((spread([0.5, 0.7, 0.6].into_iter()) - 0.1).abs() < 1e-9);
    }
}
