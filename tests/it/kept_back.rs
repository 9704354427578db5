//! What the person keeps from whoever asked: acceptance does not show in anything they can ask for or try.

use serde_json::{Value, json};
use trellis_tests::gql::Client;
use trellis_tests::served::Served;

use crate::loop_over_graphql::{REFERRAL, agreement, command, refer_input};

/// All that the asker can learn of it: what they read, and what they are told when they try to cancel.
async fn learnt(asker: &Client, sent: &Value) -> anyhow::Result<(Value, Value)> {
    let fields =
        "stage stageWords stageSince dueAt version unread commands worker { name } timeline { name }";
    let query = format!("query($id: ID!) {{ referral(id: $id) {{ {fields} }} }}");
    let read = asker.data(&query, json!({ "id": sent["id"] })).await?["referral"].clone();
    let input = json!({ "referralId": sent["id"], "version": read["version"], "reason": "NO_LONGER_NEEDED" });
    let refused = asker
        .mutate("cancelReferral", "CancelReferralInput", input, "refusal { code message next field }")
        .await?;
    Ok((read, refused["refusal"].clone()))
}

#[tokio::test]
async fn with_nothing_to_hear_acceptance_changes_nothing_that_the_asker_sees_or_is_refused()
-> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let mut input = refer_input(&region.link_service.to_string());
    input["feedback"] = json!("NOTHING");
    let sent = gp.mutate("refer", "ReferInput", input, REFERRAL).await?["referral"].clone();
    let (before, refused) = learnt(&gp, &sent).await?;
    assert_eq!(before["commands"], json!(["WITHDRAW"]));
    assert_eq!(refused["code"], "NOT_IN_THIS_STAGE");

    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let (after, refused_again) = learnt(&gp, &sent).await?;
    assert_eq!((&after, &refused_again), (&before, &refused));

    command(&lead, "startReferral", "ReferralCommandInput", &accepted, json!({})).await?;
    let (under_way, refused_again) = learnt(&gp, &sent).await?;
    assert_eq!((&under_way, &refused_again), (&before, &refused));
    let stop = json!({ "by": "PERSON" });
    command(&gp, "withdrawReferral", "WithdrawReferralInput", &sent, stop).await?;
    Ok(())
}

#[tokio::test]
async fn with_nothing_to_hear_the_asker_does_not_learn_to_whom_it_was_passed_on() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let mut input = refer_input(&region.link_service.to_string());
    input["feedback"] = json!("NOTHING");
    let sent = gp.mutate("refer", "ReferInput", input, REFERRAL).await?["referral"].clone();
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let person = "query($id: ID!) { referral(id: $id) { person { id } } }";
    let person = gp.data(person, json!({ "id": sent["id"] })).await?["referral"]["person"]["id"].clone();
    let listed = async || {
        let fields = "id to { name } service { name } timeline { name organisationName }";
        let query = format!("query($id: ID!) {{ person(id: $id) {{ referrals {{ {fields} }} }} }}");
        gp.data(&query, json!({ "id": person })).await
    };
    let before = listed().await?;
    assert_eq!(before["person"]["referrals"][0]["to"]["name"], "North Vale Community Links");

    let everybody = json!({
        "personId": person, "purpose": "REFERRAL", "scope": "NEED_AND_ACCESS", "agreement": agreement(),
    });
    gp.mutate("recordDecision", "RecordDecisionInput", everybody, "decision { id }").await?;
    let on = json!({ "serviceId": region.walking.to_string(), "reason": "BETTER_FIT" });
    command(&lead, "transferReferral", "TransferReferralInput", &accepted, on).await?;
    assert_eq!(listed().await?, before);
    let search = "{ people(search: \"Park\", first: 5) { edges { node { openReferrals } } } }";
    let counted = gp.data(search, json!({})).await?["people"]["edges"][0]["node"].clone();
    assert_eq!(counted, json!({ "openReferrals": 0 }), "closed, as far as they hear");
    Ok(())
}
