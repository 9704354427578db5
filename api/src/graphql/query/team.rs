//! How much each worker has in hand, and how several referrals would be shared out over them.

use async_graphql::{Context, ID, Object};
use trellis_domain::kernel::{ReferralId, UserId};
use trellis_domain::policy::Action;
use trellis_domain::referral::spread::{Carrying, ToShare, spread};
use trellis_infra::pg::read::{InHandOf, Team};

use super::work::referrals_named;
use crate::graphql::context::gql;
use crate::graphql::error::{Answer, Fault};
use crate::graphql::node_id::parse_id;
use crate::graphql::objects::look::look;
use crate::graphql::objects::team::{Share, SharedOut, Spread, TeamObject};
use crate::graphql::rules::{Rule, rule};

/// As many as anybody could look over.
const MOST_WORKERS: usize = 50;

#[derive(Default, Debug)]
pub struct TeamQuery;

#[Object]
impl TeamQuery {
    /// The workers of the acting organisation with what each has in hand, in numbers.
    #[graphql(directive = rule::apply(Rule::By(Action::ListTeam).into()))]
    async fn team(&self, ctx: &Context<'_>) -> Answer<TeamObject> {
        let read = look(gql(ctx)?, move |tx, op| Ok(tx.team(op.visibility(Action::ListTeam)?)?));
        Ok(TeamObject::of(read.await?))
    }

    /// How these would be shared out over these workers by weight, overdue first; nothing is changed. What is not there, or
    /// not being helped with, is left out.
    #[graphql(directive = rule::apply(Rule::By(Action::ListTeam).into()))]
    async fn spread(&self, ctx: &Context<'_>, referral_ids: Vec<ID>, user_ids: Vec<ID>) -> Answer<Spread> {
        let only = referrals_named("referralIds", &referral_ids)?;
        let over = workers_named(&user_ids)?;
        let read = look(gql(ctx)?, move |tx, op| {
            let seen = op.visibility(Action::ListTeam)?;
            Ok((tx.team(seen)?, tx.in_hand(seen, &only)?))
        });
        let (team, in_hand) = read.await?;
        Ok(shared_out(&team, &in_hand, &over))
    }
}

fn workers_named(ids: &[ID]) -> Answer<Vec<UserId>> {
    if ids.len() > MOST_WORKERS {
        return Err(Fault::bad_input(format!("userIds may hold {MOST_WORKERS} at most")));
    }
    let ids = ids.iter().map(parse_id::<UserId>).collect::<Result<_, _>>();
    ids.map_err(|_| Fault::bad_input("userIds must be the ids of users"))
}

/// Over those of them who can be given more. What they have of these already is not counted twice.
fn shared_out(team: &Team, in_hand: &[InHandOf], over: &[UserId]) -> Spread {
    let workers = team.workers.iter().filter(|worker| worker.may_take && over.contains(&worker.user));
    let carrying: Vec<(Carrying, &str)> = workers
        .map(|worker| {
            let among = in_hand.iter().filter(|one| one.worker == Some(worker.user));
            let among: u32 = among.map(|one| one.weight).sum();
            let weight = u32::try_from(worker.numbers.weight).unwrap_or(u32::MAX).saturating_sub(among);
            (Carrying { user: worker.user, weight }, worker.name.as_str())
        })
        .collect();
    let to_share = in_hand
        .iter()
        .map(|one| ToShare { referral: one.referral, due: one.due, weight: one.weight })
        .collect();
    let placed = spread(to_share, carrying.iter().map(|(carrying, _)| *carrying).collect());
    let one = |id: ReferralId| in_hand.iter().find(|one| one.referral == id);
    let shares = carrying.iter().map(|(carrying, name)| {
        let theirs = placed.iter().filter(|(_, user)| *user == carrying.user);
        let theirs: Vec<&InHandOf> = theirs.filter_map(|(id, _)| one(*id)).collect();
        Share {
            user_id: carrying.user.to_string().into(),
            name: (*name).to_owned(),
            gets: theirs.len(),
            weight_before: carrying.weight,
            weight_after: carrying.weight + theirs.iter().map(|one| one.weight).sum::<u32>(),
        }
    });
    let moves = placed.iter().filter_map(|(id, user)| {
        Some(SharedOut {
            referral_id: id.to_string().into(),
            version: one(*id)?.version,
            user_id: user.to_string().into(),
        })
    });
    Spread { shares: shares.collect(), moves: moves.collect() }
}
