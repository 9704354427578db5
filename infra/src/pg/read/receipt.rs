//! The receipt of a withdrawn decision: kept with its event, and named for people.

use std::collections::HashMap;

use diesel::prelude::*;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use trellis_domain::consent::{Decision, Held};
use trellis_domain::kernel::{OrganisationId, StoreError, TypedId};
use trellis_domain::person::AccessLevel;
use uuid::Uuid;

use super::super::error::{inconsistent, store_error};
use super::super::schema::{events as e, organisations as o};
use super::super::tx::PgTx;
use super::organisations::{CardRow, OrganisationCard};

/// One organisation that held something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    pub organisation: OrganisationCard,
    pub level: Option<AccessLevel>,
    pub since: Timestamp,
}

#[derive(Deserialize)]
struct Facts {
    receipt: Vec<Held>,
}

impl<M> PgTx<'_, M> {
    /// As it was given when the decision was withdrawn; none for a decision that holds.
    pub fn receipt_of(&mut self, decision: &Decision) -> Result<Vec<Held>, StoreError> {
        let facts: Option<Value> = e::table
            .filter(e::network_id.eq(self.network_uuid()))
            .filter(e::person_id.eq(decision.person.uuid()))
            .filter(e::name.eq("decision.withdrawn"))
            .filter(e::subject_id.eq(decision.id.uuid()))
            .select(e::facts)
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let Some(facts) = facts else { return Ok(Vec::new()) };
        let facts: Facts = serde_json::from_value(facts).map_err(|_| inconsistent("events", "facts"))?;
        Ok(facts.receipt)
    }

    pub fn receipt_lines(&mut self, held: &[Held]) -> Result<Vec<ReceiptLine>, StoreError> {
        let ids: Vec<Uuid> = held.iter().map(|held| held.organisation.uuid()).collect();
        let rows: Vec<CardRow> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.eq_any(ids))
            .select((o::organisation_id, (o::name, o::kind, o::help_phone)))
            .load(self.conn)
            .map_err(store_error)?;
        let mut cards: HashMap<OrganisationId, OrganisationCard> = HashMap::new();
        for (id, words) in rows {
            cards.insert(OrganisationId::from_uuid(id), OrganisationCard::from_columns(id, words)?);
        }
        let line = |held: &Held| {
            let card = cards.get(&held.organisation).cloned();
            let organisation = card.ok_or_else(|| inconsistent("organisations", "organisation_id"))?;
            Ok(ReceiptLine { organisation, level: held.level, since: held.since })
        };
        held.iter().map(line).collect()
    }
}
