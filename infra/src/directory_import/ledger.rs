//! The account of a package: one entry a row, settled when it is known what became of it.
//! It adds up by construction, because a row has exactly one outcome.

use std::collections::BTreeSet;

use trellis_domain::define_codes;

use super::package::Row;

define_codes! {
    /// Why a row was not taken.
    Reason {
        Malformed = "malformed", "The row does not fit the header of its file";
        MissingId = "missing_id", "The row has no id";
        MissingName = "missing_name", "The row has no name";
        MissingParent = "missing_parent", "The row does not say what it belongs to";
        MissingValue = "missing_value", "The row holds nothing to keep";
        DuplicateId = "duplicate_id", "An earlier row of the file has the same id";
        RepeatedRow = "repeated_row", "An earlier row of the file says exactly the same";
        DanglingParent = "dangling_parent", "What it belongs to is not in the package";
        ParentRefused = "parent_refused", "What it belongs to was refused";
        NoService = "no_service", "No service of the package uses it";
        BadValue = "bad_value", "A value is too long or holds what text cannot hold";
        UnknownStatus = "unknown_status", "The status is none of the standard's";
        NotSupported = "not_supported", "Trellis does not keep what this file holds";
    }
}

/// What a row depends on, or why it was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It becomes the organisation with this source id.
    Organisation(String),
    /// It becomes the service with this source id.
    Service(String),
    /// Its content goes into these services, and into the organisation where one is named.
    Into {
        services: BTreeSet<String>,
        organisation: Option<String>,
    },
    Refused(Reason),
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) file: String,
    pub(super) line: u64,
    pub(super) id: Option<String>,
    pub(super) fate: Fate,
}

/// Every row of the package, once, in order of file and line.
#[derive(Debug, Default)]
pub struct Ledger {
    pub(super) entries: Vec<Entry>,
    /// Files of the package, the empty ones included.
    pub(super) files: Vec<String>,
}

impl Ledger {
    pub(super) fn note(&mut self, file: &str, row: &Row, fate: Fate) {
        let id = row.cell("id").map(str::to_owned);
        self.entries.push(Entry { file: file.to_owned(), line: row.line, id, fate });
    }
}
