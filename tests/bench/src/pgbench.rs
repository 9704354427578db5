//! The reference: the same questions as SQL, by PostgreSQL's own load generator, as the product's role with row-level
//! security on.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use tokio::process::Command;

use crate::ground::Ground;
use crate::load::{Run, histogram};
use crate::scale::{Scale, Size};
use crate::workload::Workload;

/// How the statements of a script travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Travel {
    /// A whole transaction as one message.
    Pipelined,
    /// Each statement waits for the answer to the one before.
    OneByOne,
}

pub struct Pgbench {
    program: PathBuf,
    folder: PathBuf,
}

impl Pgbench {
    pub async fn of(ground: &Ground) -> anyhow::Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "a folder that no other run has")]
        let folder = std::env::temp_dir().join(format!("trellis-bench-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir(&folder)?;
        Ok(Self { program: ground.pgbench().await?, folder })
    }

    pub async fn run(
        &self,
        ground: &Ground,
        scale: Scale,
        (workload, travel): (Workload, Travel),
        (clients, how_long): (u64, Duration),
    ) -> anyhow::Result<Run> {
        let log = self.folder.join("log");
        let (socket, port) = ground.socket();
        let mut command = Command::new(&self.program);
        command.args(["-M", "prepared", "-n", "-j", "2", "-l", "-U", "trellis_app"]);
        command.arg("-h").arg(socket).args(["-p", &port.to_string()]);
        command.args(["-c", &clients.to_string(), "-T", &how_long.as_secs().to_string()]);
        command.arg("--log-prefix").arg(&log);
        for (number, script) in workload.pipelined().iter().enumerate() {
            let file = self.folder.join(format!("script-{number}.sql"));
            std::fs::write(&file, travelling(script, travel))?;
            command.arg("-f").arg(file);
        }
        for (name, value) in names(&scale.size(), clients) {
            command.args(["-D", &format!("{name}={value}")]);
        }
        // The name of the database comes last: `-d` has meant something else.
        command.arg(scale.database());
        let said = command.output().await.context("run pgbench")?;
        let words = String::from_utf8_lossy(&said.stdout);
        anyhow::ensure!(said.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&said.stderr));
        let rate = tps(&words).with_context(|| format!("no rate in what pgbench said: {words}"))?;
        let latency = self.latencies()?;
        Ok(Run { rate, latency })
    }

    /// Reads and removes the logs of the last run. The third column is the microseconds of one script.
    fn latencies(&self) -> anyhow::Result<hdrhistogram::Histogram<u64>> {
        let mut latency = histogram()?;
        for file in std::fs::read_dir(&self.folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|kind| kind == "sql") {
                continue;
            }
            for line in std::fs::read_to_string(&path)?.lines() {
                let micros: Option<u64> = line.split(' ').nth(2).and_then(|word| word.parse().ok());
                latency.record(micros.context("a line of pgbench's log")?)?;
            }
            std::fs::remove_file(path)?;
        }
        Ok(latency)
    }
}

impl Drop for Pgbench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn names(size: &Size, clients: u64) -> [(&'static str, u64); 8] {
    [
        ("practices", size.practices),
        ("links", size.links),
        ("workers", size.workers),
        ("services", size.services),
        ("persons", size.persons),
        ("referrals", size.referrals),
        ("clients", clients),
        ("turns", size.referrals / 100 / clients),
    ]
}

fn tps(words: &str) -> Option<f64> {
    words.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
}

fn travelling(script: &str, travel: Travel) -> String {
    match travel {
        Travel::Pipelined => script.to_owned(),
        Travel::OneByOne => {
            script.lines().filter(|line| !line.ends_with("pipeline")).fold(String::new(), |mut text, line| {
                let _ = writeln!(text, "{line}");
                text
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_by_one_nothing_travels_together() {
        let script = "\\startpipeline\nBEGIN;\nSELECT 1;\nCOMMIT;\n\\endpipeline\n";
        assert_eq!(travelling(script, Travel::OneByOne), "BEGIN;\nSELECT 1;\nCOMMIT;\n");
        assert_eq!(travelling(script, Travel::Pipelined), script);
    }

    #[test]
    fn the_rate_is_found_among_what_pgbench_says() {
        assert_eq!(
            tps("latency average = 1 ms\ntps = 812.5 (without initial connection time)\n"),
            Some(812.5)
        );
    }
}
