//! Screen 7, one referral: stage in words, what is still to do, what may be done now, what happened. Owns the forms for each
//! action and the read-only look of a closed referral. Refuses to know the lifecycle: it shows the actions it is given.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{
    self, Choice, DayMonthYear, Errors, IdentityBar, Overtaken, Refusal, Tag, TaskList, Timeline, When,
};

/// One thing an action asks for. Each is posted as `{verb}-{name}`.
#[derive(Debug, Clone)]
pub enum Ask {
    /// A coded reason or outcome.
    Reason {
        name: String,
        label: String,
        choices: Vec<Choice>,
    },
    /// A longer list: a worker, a service.
    Pick {
        name: String,
        label: String,
        choices: Vec<Choice>,
    },
    Day {
        name: String,
        label: String,
        value: DayMonthYear,
    },
    Words {
        name: String,
        label: String,
        value: String,
        optional: bool,
    },
    Tick {
        name: String,
        label: String,
        choice: Choice,
    },
}

/// One thing that may be done now. Posted to `/referrals/{id}/{verb}` with the version that was shown.
#[derive(Debug, Clone, Default)]
pub struct Action {
    pub verb: String,
    /// The button: one verb per action, everywhere.
    pub label: String,
    pub explains: Option<String>,
    pub primary: bool,
    pub danger: bool,
    pub asks: Vec<Ask>,
    /// Unfolded, because something in it was wrong.
    pub open: bool,
    /// A page of its own instead of a form here.
    pub link: Option<String>,
}

impl Action {
    /// One press and it is done: nothing is asked, and nothing is lost by it.
    fn is_one_press(&self) -> bool {
        self.asks.is_empty() && (self.primary || self.verb == "read")
    }

    fn field(&self, name: &str) -> String {
        format!("{}-{name}", self.verb)
    }

    fn tick(&self, name: &str, label: &str, choice: &Choice) -> parts::Checkboxes {
        parts::checkboxes(self.field(name), label, [choice.clone()])
    }
}

#[derive(Debug, Clone)]
pub struct Closed {
    /// "Completed on 5 November 2026: attends the walking group."
    pub words: String,
    pub reopen: Option<Action>,
}

#[derive(Debug, Clone)]
pub struct Fact {
    pub label: String,
    pub value: String,
    pub href: Option<String>,
}

/// Where else one could ask, for whoever asked.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// "There is no answer yet. You can ask another service as well; this request stands."
    pub words: String,
    pub services: Vec<OtherService>,
}

#[derive(Debug, Clone)]
pub struct OtherService {
    pub name: String,
    pub organisation: String,
    pub room: Tag,
    /// "About 3 km away", where that is known.
    pub distance: Option<String>,
    /// The form, filled in with what was written before.
    pub href: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/referral.html")]
pub struct ReferralPage {
    pub chrome: Chrome,
    pub errors: Errors,
    pub id: String,
    pub version: String,
    pub reference: String,
    pub identity: IdentityBar,
    pub stage: Tag,
    /// "Waiting for Eastfield Walkers to answer, since 3 November. Reply by 6 November."
    pub stage_words: String,
    pub due: Option<When>,
    pub late: bool,
    pub tasks: TaskList,
    pub facts: Vec<Fact>,
    pub matters: Option<String>,
    pub actions: Vec<Action>,
    pub closed: Option<Closed>,
    pub elsewhere: Option<Elsewhere>,
    pub timeline: Timeline,
    /// Why the last thing asked for was not done.
    pub refusal: Option<Refusal>,
    pub overtaken: Option<Overtaken>,
    /// Each form here adds its verb, so that a second press of any of them is the same press.
    pub submission: String,
}
