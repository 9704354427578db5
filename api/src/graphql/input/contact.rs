//! A contact as it is logged.

use async_graphql::{ID, InputObject};
use jiff::Timestamp;
use trellis_domain::contact::{LogContact, NextStep as Step};
use trellis_domain::referral::Target;

use super::{Check, Command};
use crate::graphql::enums::{ContactChannel, ContactResult, NextStep};
use crate::graphql::refusal::Refusal;
use crate::graphql::scalars::DateTime;

#[derive(InputObject, Clone)]
pub struct LogContactInput {
    pub referral_id: ID,
    pub channel: ContactChannel,
    pub result: ContactResult,
    pub minutes: i32,
    pub note: Option<String>,
    pub next_step: Option<NextStep>,
    pub next_due_at: Option<DateTime>,
    pub idempotency_key: Option<String>,
}

impl LogContactInput {
    fn next(&self, check: &mut Check) -> Option<(Step, Timestamp)> {
        match (self.next_step, self.next_due_at) {
            (Some(step), Some(DateTime(due))) => Some((step.into(), due)),
            (None, None) => None,
            (Some(_), None) => {
                check.refuse("nextDueAt", "a next step needs a date");
                None
            }
            (None, Some(_)) => {
                check.refuse("nextStep", "say what is due then");
                None
            }
        }
    }
}

impl Command for LogContactInput {
    type Parsed = LogContact;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<LogContact, Refusal> {
        let mut check = Check::new();
        let referral = check.id("referralId", &self.referral_id);
        let minutes = u16::try_from(self.minutes).map_err(|_| "must be between 0 and 1440");
        let minutes = check.field("minutes", minutes);
        let note = check.prose("note", self.note.as_deref());
        let next = self.next(&mut check);
        let parsed = referral.zip(minutes);
        check.finish(parsed.map(|(referral, minutes)| LogContact {
            target: Target { referral, version: None },
            channel: self.channel.into(),
            result: self.result.into(),
            minutes,
            note,
            next,
        }))
    }
}
