//! Screen 21, organisations: the list, one organisation, adding one, and checking the answers before anybody is invited.
//! Owns the words for how an organisation stands. What depends on one is said in counts; nobody is named.
use askama::Template;

use super::closing::WindingUp;
use crate::chrome::Chrome;
use crate::parts::{self, Choice, DayMonthYear, Empty, Errors, Pagination, Tag, When};

#[derive(Debug, Clone)]
pub struct OrganisationRow {
    pub name: String,
    pub href: String,
    pub kind: String,
    pub standing: Tag,
    /// "12 people, 1 invited".
    pub people: String,
    pub agreements: Vec<Tag>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/organisations.html")]
pub struct Organisations {
    pub chrome: Chrome,
    pub words: String,
    pub rows: Vec<OrganisationRow>,
    pub pagination: Pagination,
    pub empty: Option<Empty>,
    /// "2 applications wait for your answer"; None where there is none.
    pub waiting: Option<String>,
    /// Closed, and holding what nobody could take: words, and where that is seen.
    pub left_over: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct AgreementRow {
    pub kind: String,
    pub version: String,
    pub agreed_on: When,
    pub ends_on: Option<When>,
    pub standing: Tag,
}

/// What whoever coordinates the network may do to it; `None` inside the organisation.
#[derive(Debug, Clone)]
pub struct Managing {
    pub suspended: bool,
    pub reasons: Vec<Choice>,
    /// Of one that has closed.
    pub winding_up: Option<WindingUp>,
    pub kinds: Vec<Choice>,
    pub agreed_on: DayMonthYear,
    pub ends_on: DayMonthYear,
    pub version: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/organisation.html")]
pub struct OneOrganisation {
    pub chrome: Chrome,
    pub errors: Errors,
    pub submission: String,
    pub id: String,
    pub name: String,
    pub kind: String,
    /// "3 of 7 people have no second factor", and who they are; `None` when everybody has one.
    pub unsecured: Option<(String, String)>,
    pub standing: Tag,
    pub facts: Vec<(String, String)>,
    pub agreements: Vec<AgreementRow>,
    pub closed: bool,
    /// Nobody answers for it yet.
    pub headless: bool,
    pub managing: Option<Managing>,
}

/// One of the first people.
#[derive(Debug, Clone)]
pub struct PersonField {
    pub email_id: String,
    pub roles_id: String,
    pub email: String,
    pub roles: Vec<Choice>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/add_organisation.html")]
pub struct AddOrganisation {
    pub chrome: Chrome,
    pub errors: Errors,
    pub name: String,
    pub kinds: Vec<Choice>,
    pub postcode: String,
    pub phone: String,
    pub email: String,
    /// One a line.
    pub services: String,
    pub people: Vec<PersonField>,
    pub signed: Vec<Choice>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/check_organisation.html")]
pub struct CheckOrganisation {
    pub chrome: Chrome,
    pub answers: Vec<(String, Vec<String>)>,
    /// Everything that was typed, to be sent.
    pub fields: Vec<(String, String)>,
    /// So that pressing twice sets up one.
    pub submission: String,
}
