//! Documents that were read before, by their text. The pages send the same few all day; reading one again costs more
//! than most of them take. What does not fit is simply read anew; nothing of a request's values is kept.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::parser::{self, parse_query};

use super::error::Fault;

/// Bytes of a document that is taken at all.
pub const LONGEST: usize = 64 * 1024;
const LONGEST_KEPT: usize = 8 * 1024;
const MOST_KEPT: usize = 512;

#[derive(Debug, Default)]
pub struct Documents {
    kept: RwLock<HashMap<String, Arc<ExecutableDocument>>>,
}

impl Documents {
    pub fn read(&self, text: &str) -> Result<Arc<ExecutableDocument>, Fault> {
        if text.len() > LONGEST {
            return Err(Fault::bad_input("the document is longer than 64 KiB"));
        }
        let known = self.kept.read().ok().and_then(|kept| kept.get(text).cloned());
        if let Some(document) = known {
            return Ok(document);
        }
        let document = Arc::new(parse_query(text).map_err(|error| unreadable(&error))?);
        if text.len() <= LONGEST_KEPT
            && let Ok(mut kept) = self.kept.write()
            && kept.len() < MOST_KEPT
        {
            kept.insert(text.to_owned(), Arc::clone(&document));
        }
        Ok(document)
    }
}

/// Says where, and nothing of what stands there.
fn unreadable(error: &parser::Error) -> Fault {
    let place = error.positions().next();
    let place = place.map(|place| format!(" at line {}, column {}", place.line, place.column));
    Fault::bad_input(format!("the document cannot be read{}", place.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_once() {
        let documents = Documents::default();
        let first = documents.read("{ viewer { name } }").unwrap();
        assert!(Arc::ptr_eq(&first, &documents.read("{ viewer { name } }").unwrap()));
    }

    #[test]
    fn what_cannot_be_read_is_not_repeated() {
        let fault = Documents::default().read("{ people(search: \"Jo Park\" }").unwrap_err();
        assert!(fault.message.contains("line 1") && !fault.message.contains("Park"), "{}", fault.message);
    }
}
