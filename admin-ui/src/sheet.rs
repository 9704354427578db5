//! Lists that leave as a file for a spreadsheet. Owns that no cell runs there: what somebody typed as their name must not be
//! taken for a formula on somebody else's desk. Refuses to know what a list is about.
use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType,
};

use crate::executor::Fault;

/// Without it the usual spreadsheet reads every letter beyond ASCII wrong.
const UTF_8: &[u8] = b"\xef\xbb\xbf";

/// A file to keep, named after its list and day, such as `access-review-2026-11-27.csv`.
pub fn file(
    name: &str,
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<HttpResponse, Fault> {
    let body = written(header, rows).map_err(|_| Fault::Internal)?;
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name.to_owned())],
    };
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(body))
}

fn written(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(UTF_8.to_vec());
    sheet.write_record(header)?;
    for row in rows {
        sheet.write_record(row.iter().map(|cell| harmless(cell).into_owned()))?;
    }
    sheet.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}

/// Spreadsheets take a cell for a formula by how it begins, some after white space, some by the wide forms of the signs too.
/// An apostrophe in front makes it text.
fn harmless(cell: &str) -> Cow<'_, str> {
    const BEGIN: &[char] = &['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let runs = cell.starts_with(['\t', '\r', '\n']) || cell.trim_start().starts_with(BEGIN);
    if runs { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
        let bytes = written(&["Name", "Roles"], rows).unwrap();
        let text = bytes.strip_prefix(UTF_8).unwrap();
        let mut sheet = csv::Reader::from_reader(text);
        sheet.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_cell_that_would_run_is_text() {
        for sign in ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＠x"] {
            assert_eq!(
                read(vec![vec![sign.to_owned(), String::new()]]),
                [[format!("'{sign}"), String::new()]]
            );
        }
    }

    #[test]
    fn every_other_cell_reads_back_as_it_was() {
        let row = vec!["Zoë O'Brien, \"Zed\"\nthe second".to_owned(), "a=b".to_owned()];
        assert_eq!(read(vec![row.clone()]), [row]);
    }
}
