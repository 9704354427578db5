//! The asking side of a story: drafts, requests, onward requests, changes of mind, tasks looked at.

use trellis_domain::consent::record::{RecordDecision, record};
use trellis_domain::consent::{Explained, HowGiven, Purpose, Recipient, Scope, withdraw as consent};
use trellis_domain::kernel::{OpContext, OrganisationId, PersonId, StoreError};
use trellis_domain::message::finish_task::finish_task;
use trellis_domain::person::{Register, register};
use trellis_domain::referral::draft::{Draft, draft};
use trellis_domain::referral::onward::{Onward, onward};
use trellis_domain::referral::refer::{Refer, Whom, refer};
use trellis_domain::referral::transfer::{Transfer, transfer};
use trellis_domain::referral::{
    AgainReason, AgeBand, Brief, Referral, cancel, mark_read, reopen, send, withdraw,
};

use super::error::DemoError;
use super::history::{Act, Deed, Request};
use super::play::{Playing, prose};

fn explained() -> Explained {
    Explained { statement: "2025-04".into(), language: "en-GB".into() }
}

fn agreed(person: PersonId, to: OrganisationId, scope: Scope) -> RecordDecision {
    RecordDecision {
        person,
        recipient: Recipient::Organisation(to),
        purpose: Purpose::Referral,
        scope,
        how_given: HowGiven::Spoken,
        explained: explained(),
        ends_at: None,
    }
}

impl Playing<'_> {
    pub(super) async fn ask(&mut self, op: &OpContext, act: &Act) -> Result<(), DemoError> {
        match &act.deed {
            Deed::Draft(request) => self.draft(op, request).await,
            Deed::Refer(request) => self.refer(op, request).await,
            Deed::Agree { service } => {
                let cmd = agreed(self.known()?, self.service(*service)?.1, Scope::Full);
                let kept = self.ground.store.write(op, move |tx, op| record(tx, op, cmd)).await;
                kept.map(drop).map_err(DemoError::refused("agree"))
            }
            Deed::Onward { parent, service, needs, note } => {
                let (service, organisation) = self.service(*service)?;
                let cmd = Onward {
                    parent: self.target(*parent)?,
                    service,
                    needs: needs.clone(),
                    note: prose(*note)?,
                    again: Some(AgainReason::AnotherNeed),
                    decision: Some(agreed(self.known()?, organisation, Scope::NeedAndAccess)),
                };
                let sent = self.ground.store.write(op, move |tx, op| onward(tx, op, cmd)).await;
                self.keep(act.on, &sent.map_err(DemoError::refused("onward"))?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn register_cmd(&self) -> Register {
        Register {
            identity: self.plan.identity.clone(),
            preferences: self.plan.preferences.clone(),
            // Invented people are all somebody else.
            not_the_same_as: Vec::new(),
        }
    }

    async fn refer(&mut self, op: &OpContext, request: &Request) -> Result<(), DemoError> {
        let cmd = Refer {
            whom: Whom::New(Box::new(self.register_cmd())),
            service: self.service(request.service)?.0,
            route: request.route,
            needs: request.needs.clone(),
            access_needs: self.plan.access_needs.clone(),
            risk: request.risk,
            feedback: request.feedback,
            note: prose(request.note)?,
            again: None,
            agreed: Some((request.how, explained())),
        };
        let sent = self.ground.store.write(op, move |tx, op| refer(tx, op, cmd)).await;
        self.keep(0, &sent.map_err(DemoError::refused("refer"))?);
        Ok(())
    }

    async fn draft(&mut self, op: &OpContext, request: &Request) -> Result<(), DemoError> {
        let cmd = self.register_cmd();
        let store = &self.ground.store;
        let person = store.write(op, move |tx, op| register(tx, op, cmd)).await;
        let person = person.map_err(DemoError::refused("register"))?.id;
        let day = op.now().to_zoned(self.ground.zone.clone()).date();
        let brief = Brief {
            needs: request.needs.clone(),
            age_band: self.plan.birth.map_or(AgeBand::Unknown, |birth| AgeBand::on(birth, day)),
            area: self.plan.identity.postcode.as_ref().map(trellis_domain::kernel::Postcode::outcode),
            access_needs: self.plan.access_needs.clone(),
        };
        let cmd = Draft {
            person,
            service: self.service(request.service)?.0,
            route: request.route,
            brief,
            feedback: request.feedback,
            risk: request.risk,
            note: prose(request.note)?,
            again: None,
            parent: None,
            origin: None,
            asker: None,
        };
        let drafted = store.write(op, move |tx, op| draft(tx, op, cmd)).await;
        self.keep(0, &drafted.map_err(DemoError::refused("draft"))?);
        Ok(())
    }

    fn keep(&mut self, slot: usize, referral: &Referral) {
        self.person = Some(referral.person);
        self.referrals.insert(slot, (referral.id, referral.decision));
    }

    fn known(&self) -> Result<PersonId, DemoError> {
        self.person.ok_or(DemoError::Absent { what: "person" })
    }

    pub(super) async fn change_mind(&mut self, op: &OpContext, act: &Act) -> Result<(), DemoError> {
        let store = &self.ground.store;
        if let Deed::Transfer { from, service, reason } = &act.deed {
            let cmd =
                Transfer { target: self.target(*from)?, service: self.service(*service)?.0, reason: *reason };
            let next = store.write(op, move |tx, op| transfer(tx, op, cmd)).await;
            self.keep(act.on, &next.map_err(DemoError::refused("transfer"))?);
            return Ok(());
        }
        let target = self.target(act.on)?;
        match act.deed {
            Deed::Send => store.write(op, move |tx, op| send::send(tx, op, target)).await,
            Deed::Withdraw(by) => {
                store.write(op, move |tx, op| withdraw::withdraw(tx, op, (target, by))).await
            }
            Deed::Cancel(reason) => {
                store.write(op, move |tx, op| cancel::cancel(tx, op, (target, reason))).await
            }
            Deed::Reopen(reason) => {
                store.write(op, move |tx, op| reopen::reopen(tx, op, (target, reason))).await
            }
            Deed::MarkRead => store.write(op, move |tx, op| mark_read::mark_read(tx, op, target)).await,
            Deed::WithdrawDecision => return self.withdraw_decision(op, act.on).await,
            _ => return self.finish_tasks(op, act.on).await,
        }
        .map(drop)
        .map_err(DemoError::refused("a change of mind"))
    }

    async fn withdraw_decision(&self, op: &OpContext, slot: usize) -> Result<(), DemoError> {
        let decision = self.referrals.get(&slot).and_then(|(_, decision)| *decision);
        let decision = decision.ok_or(DemoError::Absent { what: "decision" })?;
        let done = self.ground.store.write(op, move |tx, op| consent::withdraw(tx, op, decision)).await;
        done.map(drop).map_err(DemoError::refused("withdraw a decision"))
    }

    async fn finish_tasks(&self, op: &OpContext, slot: usize) -> Result<(), DemoError> {
        let referral = self.target(slot)?.referral;
        let store = &self.ground.store;
        let open = store.read::<_, StoreError, _>(op, move |tx, _| tx.open_tasks_about(referral)).await?;
        for task in open {
            let done = store.write(op, move |tx, op| finish_task(tx, op, task)).await;
            done.map_err(DemoError::refused("finish a task"))?;
        }
        Ok(())
    }
}
