//! Screen 9, one person. Owns the order: who and how to reach them, next step, what matters, plan, history; the full view
//! and the part a provider may see. Refuses to hide by style: what must not be seen is not in the struct.
use askama::Template;

use super::contact::ContactForm;
use super::sameness::Sameness;
use crate::chrome::Chrome;
use crate::parts::{
    self, Choice, DayMonthYear, Errors, Goals, IdentityBar, StalePanel, Tab, Tag, Timeline, When,
};

#[derive(Debug, Clone)]
pub struct NextStep {
    pub what: Option<String>,
    pub due: Option<When>,
    pub late: bool,
}

/// Changes the next step; posted to `/people/{id}/next-step`.
#[derive(Debug, Clone)]
pub struct NextStepForm {
    pub steps: Vec<Choice>,
    pub on: DayMonthYear,
    pub open: bool,
}

#[derive(Debug, Clone)]
pub struct PlanItem {
    pub service: String,
    pub href: String,
    pub state: Tag,
    /// "Asked 4 days ago, reply by 6 November".
    pub words: String,
    /// Posts here ask the provider again.
    pub chase: Option<String>,
}

/// The newest plan.
#[derive(Debug, Clone)]
pub struct Planned {
    pub goals: Goals,
    /// More of them than usual: that is said, and is no fault.
    pub many: bool,
    /// "Plan of 3 November 2026, by Sam Brook, North Vale Community Links".
    pub written: String,
}

#[derive(Debug, Clone)]
pub struct Beside {
    pub name: String,
    pub href: String,
    pub words: String,
    pub current: bool,
}

/// The record was opened in an emergency: until when, and who helps the person now.
#[derive(Debug, Clone)]
pub struct InEmergency {
    pub id: String,
    pub until: String,
    /// Who keeps the record.
    pub custodian: String,
    pub helpers: Vec<EmergencyHelper>,
    pub submission: String,
}

#[derive(Debug, Clone)]
pub struct EmergencyHelper {
    /// "Monday walk, Eastfield Walkers"
    pub who: String,
    pub phone: String,
    pub state: Tag,
    pub risk: Option<String>,
}

/// "Back to list: 12 of 41", with its neighbours.
#[derive(Debug, Clone)]
pub struct Back {
    pub href: String,
    pub words: String,
    pub previous: Option<(String, String)>,
    pub next: Option<(String, String)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/person.html")]
pub struct PersonPage {
    pub chrome: Chrome,
    pub errors: Errors,
    pub id: String,
    pub version: String,
    pub identity: IdentityBar,
    /// "Jo Park died on 2 November 2026. Letters, texts and e-mails are stopped."
    pub banner: Option<String>,
    /// The record is open for a short time only.
    pub emergency: Option<InEmergency>,
    pub sameness: Sameness,
    /// `None` in the shared part: the provider has no next step of ours.
    pub next: Option<NextStep>,
    pub next_form: Option<NextStepForm>,
    /// In their own words.
    pub matters: Option<String>,
    /// What was planned together; `None` while those words came with the referral, and for whoever sees a part.
    pub planned: Option<Planned>,
    /// Where the plan is written.
    pub edit_plan: Option<String>,
    pub plan: Vec<PlanItem>,
    pub find_service: Option<String>,
    pub others: Vec<PlanItem>,
    pub tabs: Vec<Tab>,
    pub timeline: Timeline,
    pub contact: Option<ContactForm>,
    pub contact_open: bool,
    pub who_viewed: Option<String>,
    pub beside: Vec<Beside>,
    pub back: Option<Back>,
    pub stale: Option<StalePanel>,
    pub watch: bool,
}
