//! Pages of a list: how many, after which key. Cursors are the outside's business.

/// The most rows one page may hold.
pub const MAX_PAGE: u16 = 100;

/// Ask for `first` rows after a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest<K> {
    first: u16,
    after: Option<K>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a page holds between 1 and {MAX_PAGE} rows")]
pub struct InvalidPageSize;

impl<K> PageRequest<K> {
    pub fn new(first: u16, after: Option<K>) -> Result<Self, InvalidPageSize> {
        if (1..=MAX_PAGE).contains(&first) { Ok(Self { first, after }) } else { Err(InvalidPageSize) }
    }

    pub fn first(&self) -> u16 {
        self.first
    }

    pub fn after(&self) -> Option<&K> {
        self.after.as_ref()
    }
}

/// Rows, whether more follow, and how many there are in all where that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub has_more: bool,
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// From `first + 1` rows as fetched: the extra row only says that more follow.
    pub fn from_fetched(mut rows: Vec<T>, first: u16, total: Option<u64>) -> Self {
        let has_more = rows.len() > usize::from(first);
        rows.truncate(usize::from(first));
        Self { rows, has_more, total }
    }
}
