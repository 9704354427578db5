//! Owns the pieces that pages are made of: form controls, error summary, identity bar, timeline, tables' companions.
//! Each piece is a small struct with its own template, escaped once, in one place. Refuses to own any screen's words
//! beyond its own, and to know where its values come from.
mod choice;
mod errors;
mod field;
mod goals;
mod identity;
mod listing;
mod notice;
mod overtaken;
mod timeline;

pub use choice::{Checkboxes, Choice, Radios, Select, checkboxes, radios, select};
pub use errors::{Errors, FieldError, Summary};
pub use field::{DateInput, DayMonthYear, TextArea, TextInput, date_input, text_input, textarea};
pub use goals::{ActionShown, GoalShown, Goals};
pub use identity::IdentityBar;
pub use listing::{Chip, Empty, PageLink, Pagination, Tab};
pub use notice::{Copyable, Refusal, StaleField, StalePanel, Tag, Tone, copyable};
pub use overtaken::Overtaken;
pub use timeline::{Task, TaskList, Timeline, TimelineEntry};

/// An instant or a day: what a machine reads and what a person reads.
#[derive(Debug, Clone, PartialEq, Eq, askama::Template)]
#[template(source = r#"<time datetime="{{ iso }}">{{ words }}</time>"#, ext = "html")]
pub struct When {
    pub iso: String,
    pub words: String,
}

/// Marks pieces whose output is HTML already, so that a page may print them as they are.
macro_rules! html_safe {
    ($($piece:ty),+ $(,)?) => { $(impl askama::filters::HtmlSafe for $piece {})+ };
}
html_safe!(
    When,
    Checkboxes,
    Radios,
    Select,
    Summary,
    DateInput,
    TextArea,
    TextInput,
    Goals,
    IdentityBar,
    Empty,
    Pagination,
    Copyable,
    Refusal,
    StalePanel,
    Overtaken,
    Tag,
    TaskList,
    Timeline,
);
