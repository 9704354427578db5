//! One attempt to reach or meet a person.

use async_graphql::{Context, ID, Object};
use tokio::sync::OnceCell;
use trellis_domain::contact::Contact;
use trellis_domain::kernel::Prose;
use trellis_domain::policy::Action;
use trellis_infra::pg::read::ContactEntry;

use super::look::look;
use crate::graphql::context::gql;
use crate::graphql::enums::{ContactChannel, ContactResult, NextStep};
use crate::graphql::error::Answer;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// One attempt to reach or meet a person.
#[derive(Debug, Clone)]
pub struct ContactObject {
    contact: Contact,
    worker_name: OnceCell<Option<String>>,
}

impl ContactObject {
    pub fn new(contact: Contact) -> Self {
        Self { contact, worker_name: OnceCell::new() }
    }

    pub fn from_entry(entry: ContactEntry) -> Self {
        Self { contact: entry.contact, worker_name: OnceCell::new_with(Some(entry.worker_name)) }
    }
}

#[Object(name = "Contact", directive = rule::apply(Rule::By(Action::ViewContacts).into()))]
impl ContactObject {
    pub async fn id(&self) -> ID {
        self.contact.id.to_string().into()
    }

    async fn at(&self) -> DateTime {
        self.contact.at.into()
    }

    async fn channel(&self) -> ContactChannel {
        self.contact.channel.into()
    }

    async fn result(&self) -> ContactResult {
        self.contact.result.into()
    }

    async fn minutes(&self) -> u16 {
        self.contact.minutes
    }

    async fn note(&self) -> Option<&str> {
        self.contact.note.as_ref().map(Prose::as_str)
    }

    async fn worker_name(&self, ctx: &Context<'_>) -> Answer<Option<&str>> {
        let (gql, id) = (gql(ctx)?, self.contact.id);
        let read = || async move {
            let entry = look(gql, move |tx, op| {
                let seen = op.visibility(Action::ViewContacts)?;
                Ok(tx.contact_entry(seen, id)?)
            });
            Ok::<_, crate::graphql::error::Fault>(entry.await?.and_then(|entry| entry.worker_name))
        };
        Ok(self.worker_name.get_or_try_init(read).await?.as_deref())
    }

    async fn next_step(&self) -> Option<NextStep> {
        self.contact.next.map(|(step, _)| step.into())
    }

    /// It was logged by mistake: it stays on the record, and counts for nothing.
    async fn taken_back_at(&self) -> Option<DateTime> {
        self.contact.taken_back_at.map(DateTime::from)
    }

    async fn next_due_at(&self) -> Option<DateTime> {
        self.contact.next.map(|(_, due)| due.into())
    }
}
