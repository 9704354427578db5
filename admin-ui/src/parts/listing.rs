//! Owns what stands around a list: pages, the words when it is empty, the chips for the filters that are on. Refuses to
//! own the rows: each screen knows its own columns.
use askama::Template;

/// One filter that is on; the link takes it off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    pub label: String,
    pub remove: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLink {
    pub number: u32,
    pub href: String,
    pub current: bool,
}

/// "Showing 1 to 25 of 41". Cursor pages have previous and next only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/pagination.html")]
pub struct Pagination {
    pub summary: String,
    pub previous: Option<String>,
    pub pages: Vec<PageLink>,
    pub next: Option<String>,
}

impl Pagination {
    fn has_links(&self) -> bool {
        self.previous.is_some() || self.next.is_some() || self.pages.len() > 1
    }
}

/// One sentence why there is nothing, and the one next thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/empty.html")]
pub struct Empty {
    pub why: String,
    pub href: Option<String>,
    pub action: String,
}

/// One way to look at the same list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub current: bool,
}

impl Tab {
    pub fn new(label: &str, href: impl ToString, current: bool) -> Self {
        Self { label: label.to_owned(), href: href.to_string(), current }
    }
}
