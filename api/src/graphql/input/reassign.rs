//! Giving referrals from worker to worker, one or many at once, and undoing that.

use std::collections::BTreeSet;

use async_graphql::{ID, InputObject};
use trellis_domain::kernel::page::MAX_PAGE;
use trellis_domain::kernel::{ContactId, ReferralId};
use trellis_domain::referral::Target;
use trellis_domain::referral::reassign::Reassign;

use super::{Check, Command};
use crate::graphql::enums::ReassignReason;
use crate::graphql::refusal::Refusal;

#[derive(InputObject, Clone)]
pub struct ReassignReferralInput {
    pub referral_id: ID,
    pub version: i32,
    pub user_id: ID,
    pub reason: ReassignReason,
    pub idempotency_key: Option<String>,
}

impl Command for ReassignReferralInput {
    type Parsed = Reassign;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Reassign, Refusal> {
        let mut check = Check::new();
        let ids = check.id("referralId", &self.referral_id).zip(check.id("userId", &self.user_id));
        let version = check.version(self.version);
        let parsed = ids.zip(version).map(|((referral, worker), version)| Reassign {
            target: Target { referral, version: Some(version) },
            worker,
            reason: Some(self.reason.into()),
            together: None,
        });
        check.finish(parsed)
    }
}

/// A referral as it was read, and who gets it.
#[derive(InputObject, Clone)]
pub struct MoveInput {
    pub referral_id: ID,
    pub version: i32,
    pub user_id: ID,
}

#[derive(InputObject, Clone)]
pub struct ReassignReferralsInput {
    /// 100 at most, each referral once.
    pub moves: Vec<MoveInput>,
    /// Needed where somebody has one of them already.
    pub reason: Option<ReassignReason>,
    /// Of the whole: asking again with it goes on where it was stopped.
    pub idempotency_key: Option<String>,
}

impl Command for ReassignReferralsInput {
    type Parsed = Vec<Reassign>;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Vec<Reassign>, Refusal> {
        let mut check = Check::new();
        is_some_and_each_once(&mut check, "moves", self.moves.iter().map(|one| &one.referral_id));
        let mut all = Vec::new();
        for (number, one) in self.moves.iter().enumerate() {
            let field = |name: &str| format!("moves.{number}.{name}");
            let ids = check
                .id(&field("referralId"), &one.referral_id)
                .zip(check.id(&field("userId"), &one.user_id));
            let version = check.version(one.version);
            all.extend(ids.zip(version).map(|((referral, worker), version)| Reassign {
                target: Target { referral, version: Some(version) },
                worker,
                reason: self.reason.map(Into::into),
                together: None,
            }));
        }
        check.finish(Some(all))
    }
}

fn is_some_and_each_once<'a>(check: &mut Check, name: &str, ids: impl Iterator<Item = &'a ID>) {
    let ids: Vec<&str> = ids.map(|id| id.as_str()).collect();
    if ids.is_empty() || ids.len() > usize::from(MAX_PAGE) {
        check.refuse(name, format!("must hold between 1 and {MAX_PAGE}"));
    }
    if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
        check.refuse(name, "must hold each referral once");
    }
}

#[derive(InputObject, Clone)]
pub struct UndoAllocationInput {
    pub referral_id: ID,
    pub idempotency_key: Option<String>,
}

impl Command for UndoAllocationInput {
    type Parsed = ReferralId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<ReferralId, Refusal> {
        let mut check = Check::new();
        let referral = check.id("referralId", &self.referral_id);
        check.finish(referral)
    }
}

#[derive(InputObject, Clone)]
pub struct UndoAllocationsInput {
    /// 100 at most, each once.
    pub referral_ids: Vec<ID>,
    /// Of the whole: asking again with it goes on where it was stopped.
    pub idempotency_key: Option<String>,
}

impl Command for UndoAllocationsInput {
    type Parsed = Vec<ReferralId>;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Vec<ReferralId>, Refusal> {
        let mut check = Check::new();
        is_some_and_each_once(&mut check, "referralIds", self.referral_ids.iter());
        let ids = self.referral_ids.iter().filter_map(|id| check.id("referralIds", id)).collect();
        check.finish(Some(ids))
    }
}

#[derive(InputObject, Clone)]
pub struct UndoContactInput {
    pub contact_id: ID,
    pub idempotency_key: Option<String>,
}

impl Command for UndoContactInput {
    type Parsed = ContactId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<ContactId, Refusal> {
        let mut check = Check::new();
        let contact = check.id("contactId", &self.contact_id);
        check.finish(contact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::refusal::RefusalCode;

    const REFERRAL: &str = "ref_00000000000000000000000000000007";

    fn moves(referrals: &[&str]) -> ReassignReferralsInput {
        let to = |referral: &&str| MoveInput {
            referral_id: (*referral).into(),
            version: 1,
            user_id: "usr_00000000000000000000000000000001".into(),
        };
        let moves = referrals.iter().map(to).collect();
        ReassignReferralsInput { moves, reason: None, idempotency_key: None }
    }

    #[test]
    fn a_referral_moves_once_and_no_more_move_than_anybody_could_look_over() {
        for wrong in [moves(&[]), moves(&[REFERRAL, REFERRAL]), moves(&["per_1"])] {
            assert_eq!(wrong.parse().unwrap_err().code, RefusalCode::InvalidInput);
        }
        let id = |number: usize| format!("ref_{number:032x}");
        let many: Vec<String> = (0..101).map(id).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(moves(&many).parse().is_err());
        assert_eq!(moves(&many[..100]).parse().map(|all| all.len()), Ok(100));
    }
}
