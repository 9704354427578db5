//! The workloads of `docs/performance.md`: what a person asks of the product, and the same as SQL.

use std::rc::Rc;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use trellis_domain::kernel::{ReferralId, TypedId};

use crate::cast::Cast;
use crate::load::{Ask, Script};
use crate::scale::{Kind, Scale, Size, id};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Workload {
    /// A worker's caseload: the first 25 open referrals by due time.
    W1,
    /// A transition: a referral that was returned is sent again, and returned again.
    W4,
}

impl Workload {
    pub fn name(self) -> &'static str {
        match self {
            Self::W1 => "W1 caseload",
            Self::W4 => "W4 transition",
        }
    }

    /// The same questions for `pgbench`, sent in as few messages as can be; where there are several, in turns thrown by
    /// dice.
    pub fn pipelined(self) -> &'static [&'static str] {
        match self {
            Self::W1 => &[include_str!("../sql/w1_caseload.sql")],
            Self::W4 => &[include_str!("../sql/w4_send.sql"), include_str!("../sql/w4_return.sql")],
        }
    }
}

/// Of each hundred referrals this one is kept for the transition; see `sql/fill.sql`.
pub const PICKED: u64 = 25;

/// A link worker who looks at a caseload, each time somebody else.
pub struct Caseload {
    cast: Rc<Cast>,
    workers: u64,
    dice: ChaCha8Rng,
    body: String,
}

pub const CASELOAD: &str = "query Caseload($first: Int!) { caseload(first: $first) { edges { cursor node { referralId reference \
    version personId personName serviceName stage stageWords dueAt overdue nextStep latestContactAt latestContactResult \
    unread workerName risk reachBy format } } pageInfo { hasNextPage endCursor } } }";

impl Caseload {
    pub fn new(cast: Rc<Cast>, size: &Size, seed: u64) -> Self {
        let body = json!({ "query": CASELOAD, "variables": { "first": 25 } }).to_string();
        Self { cast, workers: size.all_workers(), dice: ChaCha8Rng::seed_from_u64(seed), body }
    }
}

impl Script for Caseload {
    fn next(&mut self) -> anyhow::Result<Ask> {
        let worker = self.dice.random_range(0..self.workers);
        Ok(Ask { who: self.cast.token(worker).to_owned(), body: self.body.clone() })
    }

    fn heard(&mut self, body: &[u8]) -> anyhow::Result<()> {
        let text = std::str::from_utf8(body)?;
        let whole = text.contains("\"hasNextPage\":true") && !text.contains("\"errors\"");
        anyhow::ensure!(whole, "the caseload was answered with {text}");
        Ok(())
    }
}

/// A practice that sends its returned referrals again, and the service that returns them.
pub struct Transition {
    cast: Rc<Cast>,
    size: Size,
    /// Number and version of each referral that is this client's own.
    referrals: Vec<(u64, i32)>,
    at: usize,
    sent: bool,
}

impl Transition {
    pub fn new(cast: Rc<Cast>, size: Size, referrals: Vec<(u64, i32)>) -> Self {
        Self { cast, size, referrals, at: 0, sent: false }
    }
}

pub const SEND: &str = "mutation Send($input: ReferralCommandInput!) { sendReferral(input: $input) \
    { referral { id stage version } refusal { code message } } }";
pub const RETURN: &str = "mutation Return($input: ReturnReferralInput!) { returnReferral(input: $input) \
    { referral { id stage version } refusal { code message } } }";

impl Script for Transition {
    fn next(&mut self) -> anyhow::Result<Ask> {
        let (referral, version) = self.referrals.get(self.at).copied().unwrap_or_default();
        let size = &self.size;
        let mut input = json!({
            "referralId": ReferralId::from_uuid(id(Kind::Referral, referral)).to_string(),
            "version": version,
        });
        let (user, document) = if self.sent {
            if let Some(members) = input.as_object_mut() {
                members.insert("reason".into(), "NEEDS_INFORMATION".into());
            }
            (size.link_of(referral) * size.workers, RETURN)
        } else {
            (size.referrer(size.practice_of_person(size.person_of(referral))), SEND)
        };
        let body = json!({ "query": document, "variables": { "input": input } }).to_string();
        Ok(Ask { who: self.cast.token(user).to_owned(), body })
    }

    fn heard(&mut self, body: &[u8]) -> anyhow::Result<()> {
        let text = std::str::from_utf8(body)?;
        anyhow::ensure!(text.contains("\"refusal\":null"), "the transition was answered with {text}");
        if let Some((_, version)) = self.referrals.get_mut(self.at) {
            *version += 1;
        }
        self.sent = !self.sent;
        if !self.sent {
            self.at = (self.at + 1) % self.referrals.len().max(1);
        }
        Ok(())
    }

    fn at_rest(&self) -> bool {
        !self.sent
    }
}

/// Which referrals a client has for itself, so that nobody waits for anybody's row.
pub fn own_referrals(scale: Scale, clients: u64, client: u64) -> impl Iterator<Item = u64> {
    let hundreds = scale.size().referrals / 100;
    (0..hundreds / clients).map(move |turn| (turn * clients + client) * 100 + PICKED)
}
