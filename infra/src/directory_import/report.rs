//! What became of a package, added up per file, and every refused row by file and line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::ledger::{Entry, Fate, Ledger, Reason};

/// One file: `read` is the sum of the four others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileCount {
    pub file: String,
    pub read: usize,
    pub imported: usize,
    pub merged: usize,
    pub already_there: usize,
    pub refused: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    pub file: String,
    pub line: u64,
    /// As the package has it; for finding the row again.
    pub id: Option<String>,
    pub reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub dry_run: bool,
    pub files: Vec<FileCount>,
    pub refused: Vec<Refused>,
}

/// What was there before, by source id.
#[derive(Debug, Default)]
pub struct AlreadyThere {
    pub organisations: BTreeSet<String>,
    pub services: BTreeSet<String>,
}

impl Report {
    /// Settles every row of the ledger, now that it is known what was there already.
    pub fn of(ledger: &Ledger, already: &AlreadyThere, dry_run: bool) -> Self {
        let mut counts: BTreeMap<&str, FileCount> =
            ledger.files.iter().map(|file| (file.as_str(), FileCount::of(file))).collect();
        let mut refused = Vec::new();
        for entry in &ledger.entries {
            let count = counts.entry(&entry.file).or_insert_with(|| FileCount::of(&entry.file));
            count.read += 1;
            *place(count, entry, already) += 1;
            if let Fate::Refused(reason) = entry.fate {
                let (file, id) = (entry.file.clone(), entry.id.clone());
                refused.push(Refused { file, line: entry.line, id, reason });
            }
        }
        Self { dry_run, files: counts.into_values().collect(), refused }
    }

    /// Nothing was lost: every row that was read has an outcome.
    pub fn adds_up(&self) -> bool {
        let sum = |f: &FileCount| f.imported + f.merged + f.already_there + f.refused;
        let refused: usize = self.files.iter().map(|file| file.refused).sum();
        self.files.iter().all(|file| sum(file) == file.read) && refused == self.refused.len()
    }
}

impl FileCount {
    fn of(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }
}

fn place<'a>(count: &'a mut FileCount, entry: &Entry, already: &AlreadyThere) -> &'a mut usize {
    match &entry.fate {
        Fate::Refused(_) => &mut count.refused,
        Fate::Organisation(id) if already.organisations.contains(id) => &mut count.already_there,
        Fate::Service(id) if already.services.contains(id) => &mut count.already_there,
        Fate::Organisation(_) | Fate::Service(_) => &mut count.imported,
        Fate::Into { services, organisation } => {
            let services_known = services.iter().all(|id| already.services.contains(id));
            let organisation_known = organisation.iter().all(|id| already.organisations.contains(id));
            if services_known && organisation_known { &mut count.already_there } else { &mut count.merged }
        }
    }
}

/// The table people read; the refused rows follow it.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = ["file", "rows", "imported", "merged", "already there", "refused"];
        let [file, rows, imported, merged, there, refused] = header;
        writeln!(f, "{file:<26}{rows:>8}{imported:>10}{merged:>8}{there:>15}{refused:>9}")?;
        for count in &self.files {
            let FileCount { file, read, imported, merged, already_there, refused } = count;
            writeln!(f, "{file:<26}{read:>8}{imported:>10}{merged:>8}{already_there:>15}{refused:>9}")?;
        }
        let mut by_reason: BTreeMap<Reason, usize> = BTreeMap::new();
        for row in &self.refused {
            *by_reason.entry(row.reason).or_default() += 1;
        }
        writeln!(f, "\nrefused rows by reason")?;
        for (reason, rows) in by_reason {
            writeln!(f, "{rows:>8}  {:<16} {}", reason.code(), reason.words())?;
        }
        writeln!(f, "\nrefused rows")?;
        for row in &self.refused {
            let id = row.id.as_deref().map(|id| format!("  id {}", plain(id))).unwrap_or_default();
            writeln!(f, "{}:{}  {}{id}", row.file, row.line, row.reason.code())?;
        }
        Ok(())
    }
}

/// A foreign file must not write to somebody's terminal what it likes.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}
