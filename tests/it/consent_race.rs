//! Two at once: somebody withdraws a sharing decision while somebody else acts under it.

use trellis_domain::consent::{NoActiveDecision, Recipient};
use trellis_domain::kernel::{DecisionId, OpContext, Recorded, TypedId};
use trellis_domain::referral::give_back::give_back;
use trellis_domain::referral::onward::{Onward, onward};
use trellis_domain::referral::reopen::reopen;
use trellis_domain::referral::send::send;
use trellis_domain::referral::transfer::{Transfer, transfer};
use trellis_domain::referral::{
    Referral, ReferralError, ReopenReason, ReturnReason, StageName, Target, TransferReason,
};
use trellis_infra::pg::{PgTx, ReadWrite};
use trellis_tests::locks::waits_until;
use trellis_tests::world::{Persona, World};

use super::consent_story::{decide, finish, stage_of, take_back};
use super::store_story::{accept_as, refer_jo};

/// What somebody does while the decision is being withdrawn: it waits for that, and is refused once that is so. The
/// withdrawal's instant is later than the act's, which has waited.
async fn meets_the_withdrawal<F>(
    world: &World,
    decision: Option<DecisionId>,
    (who, act): (&Persona, F),
) -> anyhow::Result<()>
where
    F: FnOnce(&mut PgTx<'_, ReadWrite>, &OpContext) -> Result<Recorded<Referral>, ReferralError>
        + Send
        + 'static,
{
    let decision = decision.ok_or_else(|| anyhow::anyhow!("sent under no decision"))?.uuid();
    let beside = world.database.connect_as_owner().await?;
    let withdraw = "UPDATE decisions SET withdrawn_at = given_at + interval '1 hour' WHERE decision_id = $1";
    beside.batch_execute("BEGIN").await?;
    anyhow::ensure!(beside.execute(withdraw, &[&decision]).await? == 1);
    let op = world.op(who);
    let acted = world.store.write(&op, act);
    let commit = async || Ok(beside.batch_execute("COMMIT").await?);
    let refused = waits_until(&world.database, acted, commit).await?;
    let withdrawn = matches!(refused, Err(ReferralError::NoDecision(NoActiveDecision::Withdrawn)));
    anyhow::ensure!(withdrawn, "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn nothing_is_sent_again_or_taken_up_again_under_a_decision_that_is_being_withdrawn()
-> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    let target = Target { referral: sent.id, version: None };
    let back = (target, ReturnReason::NeedsInformation);
    world.store.write(&world.op(&region.team_lead), move |tx, op| give_back(tx, op, back)).await?;
    meets_the_withdrawal(
        &world,
        sent.decision,
        (&region.referrer, move |tx: &mut _, op: &_| send(tx, op, target)),
    )
    .await?;
    assert_eq!(stage_of(&world, &sent).await?, StageName::Returned.code());

    let accepted = accept_as(&world, &region.team_lead, &refer_jo(&world, &region).await?).await?;
    let finished = finish(&world, &region, &accepted).await?;
    let again = (Target { referral: finished.id, version: None }, ReopenReason::CameBack);
    meets_the_withdrawal(
        &world,
        finished.decision,
        (&region.team_lead, move |tx: &mut _, op: &_| reopen(tx, op, again)),
    )
    .await?;
    assert_eq!(stage_of(&world, &finished).await?, StageName::Completed.code());
    Ok(())
}

#[tokio::test]
async fn nobody_is_passed_on_or_referred_on_under_a_decision_that_is_being_withdrawn() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    for number in 0..2 {
        let sent = refer_jo(&world, &region).await?;
        let accepted = accept_as(&world, &region.team_lead, &sent).await?;
        let agreed = decide(&world, &region.referrer, (sent.person, Recipient::Organisation(region.walkers)));
        let agreed = agreed.await?;
        let (target, service) = (Target { referral: accepted.id, version: None }, region.walking);
        let act = move |tx: &mut PgTx<'_, ReadWrite>, op: &OpContext| {
            if number == 0 {
                transfer(tx, op, Transfer { target, service, reason: TransferReason::BetterFit })
            } else {
                let placement = Onward {
                    parent: target,
                    service,
                    needs: vec![],
                    note: None,
                    again: None,
                    decision: None,
                };
                onward(tx, op, placement)
            }
        };
        meets_the_withdrawal(&world, Some(agreed.id), (&region.team_lead, act)).await?;
        assert_eq!(stage_of(&world, &accepted).await?, StageName::Accepted.code());
    }
    Ok(())
}

/// The other way round: the withdrawal comes second, and takes back what was sent while it waited.
#[tokio::test]
async fn a_withdrawal_waits_for_what_is_being_sent_and_takes_it_back() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let sent = refer_jo(&world, &region).await?;
    let decision = sent.decision.ok_or_else(|| anyhow::anyhow!("sent under no decision"))?;
    let beside = world.database.connect_as_owner().await?;
    beside
        .batch_execute(&format!(
            "UPDATE referrals SET decision_id = NULL, stage = 'returned' WHERE referral_id = '{0}';
             BEGIN; SELECT FROM decisions WHERE decision_id = '{1}' FOR SHARE;
             UPDATE referrals SET decision_id = '{1}', stage = 'sent' WHERE referral_id = '{0}'",
            sent.id.uuid(),
            decision.uuid()
        ))
        .await?;
    let commit = async || Ok(beside.batch_execute("COMMIT").await?);
    waits_until(&world.database, take_back(&world, &region.referrer, decision), commit).await??;
    assert_eq!(stage_of(&world, &sent).await?, StageName::Withdrawn.code());
    Ok(())
}
