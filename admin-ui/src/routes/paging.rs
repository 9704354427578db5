//! The way through a list whose total nobody counts: its first page, and the one after this.
use super::address::Address;
use super::fields::Fields;
use crate::parts::Pagination;
use crate::words;

/// `here`: the list with what was asked of it, without the place in it.
pub fn paging(
    here: &Address,
    asked: &Fields,
    count: usize,
    next: Option<&str>,
    (one, many): (&str, &str),
) -> Pagination {
    let counted = words::counted(u64::try_from(count).unwrap_or(0), one, many);
    let first = asked.text("after").is_empty();
    Pagination {
        summary: if first && next.is_none() { counted } else { format!("Showing {counted} of more") },
        previous: (!first).then(|| here.to_string()),
        pages: Vec::new(),
        next: next.map(|cursor| here.clone().with("after", cursor).to_string()),
    }
}
