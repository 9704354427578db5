//! The files of a package as rows with their line numbers. A row that cannot be read stays a row:
//! it is refused by name later, never skipped. What a column means is not known here.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use csv::ByteRecord;
use jiff::Timestamp;

#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error("the folder {} cannot be read", folder.display())]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error("the file {file} is missing from the package")]
    Missing { file: &'static str },
    #[error("the file {file} cannot be read")]
    File { file: String, source: csv::Error },
}

/// One line of a file: its cells by column, or nothing when it does not fit its header.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Option<BTreeMap<String, String>>,
}

impl Row {
    /// The trimmed cell; an empty one is none.
    pub(super) fn cell(&self, column: &str) -> Option<&str> {
        let text = self.cells.as_ref()?.get(column)?.trim();
        (!text.is_empty()).then_some(text)
    }
}

/// A folder of CSV files.
#[derive(Debug)]
pub struct Package {
    files: BTreeMap<String, Vec<Row>>,
    dated: Option<Timestamp>,
}

impl Package {
    /// Reads every CSV file of the folder. Organisations and services have to be there.
    pub fn read(folder: &Path) -> Result<Self, PackageError> {
        let fault = |source| PackageError::Folder { folder: folder.to_owned(), source };
        let mut package = Self { files: BTreeMap::new(), dated: None };
        for entry in std::fs::read_dir(folder).map_err(fault)? {
            let path = entry.map_err(fault)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")) {
                let rows = std::fs::File::open(&path).map_err(csv::Error::from).and_then(rows_of);
                let rows = rows.map_err(|source| PackageError::File { file: name.clone(), source })?;
                package.dated = package.dated.max(modified(&path));
                package.files.insert(name, rows);
            }
        }
        for file in ["organizations.csv", "services.csv"] {
            if !package.files.contains_key(file) {
                return Err(PackageError::Missing { file });
            }
        }
        Ok(package)
    }

    #[cfg(test)]
    pub(super) fn of_texts(files: &[(&str, &str)]) -> Self {
        let rows = |text: &str| rows_of(text.as_bytes()).unwrap();
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), rows(text))).collect();
        Self { files, dated: None }
    }

    /// When the newest of its files was written, as far as the file system knows.
    pub fn dated(&self) -> Option<Timestamp> {
        self.dated
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &[Row])> {
        self.files.iter().map(|(name, rows)| (name.as_str(), rows.as_slice()))
    }

    pub(super) fn rows(&self, file: &str) -> &[Row] {
        self.files.get(file).map(Vec::as_slice).unwrap_or_default()
    }
}

fn modified(path: &Path) -> Option<Timestamp> {
    let at = std::fs::metadata(path).and_then(|facts| facts.modified()).ok()?;
    Timestamp::try_from(at).ok()
}

/// `flexible`, because a row with too few or too many cells is reported, not a reason to stop.
fn rows_of(file: impl Read) -> Result<Vec<Row>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let header: Vec<String> = reader
        .byte_headers()?
        .iter()
        .map(|cell| String::from_utf8_lossy(cell).trim().to_lowercase())
        .collect();
    let mut rows = Vec::new();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(Row { line, cells: cells(&header, &record) });
    }
    Ok(rows)
}

fn cells(header: &[String], record: &ByteRecord) -> Option<BTreeMap<String, String>> {
    if record.len() != header.len() {
        return None;
    }
    let text = |cell: &[u8]| std::str::from_utf8(cell).ok().map(str::to_owned);
    header.iter().zip(record.iter()).map(|(name, cell)| Some((name.clone(), text(cell)?))).collect()
}
