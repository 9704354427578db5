//! Whose an offer of records is: each side signs for itself, and to everybody else it is not there.

use serde_json::{Value, json};
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;

use crate::custody_story::{LOOK, OFFER, Scene, newest, offers, registers};

#[tokio::test]
async fn an_offer_is_nothing_to_whoever_is_no_side_of_it_and_each_side_signs_for_itself() -> anyhow::Result<()>
{
    let scene = Scene::new().await?;
    let (region, world) = (&scene.region, &scene.served.world);
    registers(&scene.gp()?).await?;
    let offer = offers(&scene.una()?, scene.keepers.vale).await?;
    let yes = |id: &Value| json!({ "offerId": id, "answer": "ACCEPT" });
    let at_advice = (region.network, Some(region.advice));
    let theirs = world.region("south-moor").await?;
    let at_theirs = (theirs.network, Some(theirs.practice));
    let digits = offer["id"].as_str().unwrap_or_default().trim_start_matches("cst_").to_owned();
    let nothing = json!(format!("cst_{}", digits.chars().rev().collect::<String>()));
    for at in [at_advice, at_theirs] {
        let other = world.member(at, "Ada Vane", Role::PrivacyOfficer).await?;
        let other = scene.served.client(&other)?;
        for (name, input_type, real, unreal) in [
            ("answerCustodyOffer", "AnswerCustodyOfferInput", yes(&offer["id"]), yes(&nothing)),
            (
                "withdrawCustodyOffer",
                "WithdrawCustodyOfferInput",
                json!({ "offerId": offer["id"] }),
                json!({ "offerId": nothing }),
            ),
        ] {
            let fields = "offer { id }";
            let one = other.mutate(name, input_type, real, fields).await?;
            assert_eq!(one["refusal"]["code"], "NOT_FOUND", "{one}");
            assert_eq!(one, other.mutate(name, input_type, unreal, fields).await?);
        }
        let listed = other.data(LOOK, json!({})).await?["custody"]["offers"].clone();
        assert_eq!(listed, json!([]));
    }
    let back = json!({ "offerId": offer["id"] });
    let answer = |by: Client, input: Value| async move {
        by.refused("answerCustodyOffer", "AnswerCustodyOfferInput", input).await
    };
    assert_eq!(answer(scene.una()?, yes(&offer["id"])).await?, "DENIED", "nobody signs for the other side");
    assert_eq!(answer(scene.max()?, yes(&offer["id"])).await?, "DENIED", "a referrer does not sign");
    let olga = scene.olga()?;
    assert_eq!(olga.refused("withdrawCustodyOffer", "WithdrawCustodyOfferInput", back).await?, "DENIED");
    let again = json!({ "organisationId": scene.keepers.vale.to_string(), "reason": "CLOSING" });
    let gp = scene.gp()?;
    assert_eq!(gp.refused("offerCustody", "OfferCustodyInput", again.clone()).await?, "DENIED");
    let ines = scene.served.client(&region.coordinator)?;
    assert_eq!(ines.refused("offerCustody", "OfferCustodyInput", again).await?, "DENIED");
    assert!(ines.data(LOOK, json!({})).await.is_err(), "whoever coordinates reads no offer");
    Ok(())
}

#[tokio::test]
async fn of_an_answer_and_a_withdrawal_at_the_same_time_one_counts() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    registers(&scene.gp()?).await?;
    let (una, olga) = (scene.una()?, scene.olga()?);
    for _ in 0..6 {
        let offer = offers(&una, scene.keepers.vale).await?;
        let back = json!({ "offerId": offer["id"] });
        let yes = json!({ "offerId": offer["id"], "answer": "ACCEPT" });
        let (taken_back, accepted) = tokio::try_join!(
            una.mutate("withdrawCustodyOffer", "WithdrawCustodyOfferInput", back, OFFER),
            olga.mutate("answerCustodyOffer", "AnswerCustodyOfferInput", yes, OFFER),
        )?;
        let refusals = [&taken_back, &accepted].map(|done| done["refusal"]["code"].clone());
        let stage = newest(&una).await?["stage"].clone();
        if taken_back["refusal"].is_null() {
            assert_eq!((refusals[1].clone(), stage), (json!("OFFER_OVER"), json!("WITHDRAWN")));
            continue;
        }
        assert_eq!(refusals, [json!("OFFER_OVER"), Value::Null]);
        assert_eq!(stage, "MOVING");
        break;
    }
    if newest(&una).await?["stage"] != "MOVING" {
        scene.both_have_signed().await?;
    }
    let too_late = json!({ "offerId": newest(&una).await?["id"] });
    let refused = una.refused("withdrawCustodyOffer", "WithdrawCustodyOfferInput", too_late).await?;
    assert_eq!(refused, "OFFER_OVER", "nobody stops what both have signed");
    let moving = scene.count("SELECT count(*) FROM custody_offers WHERE stage = 'moving'").await?;
    let open = scene.count("SELECT count(*) FROM custody_offers WHERE stage = 'offered'").await?;
    assert_eq!((moving, open), (1, 0));
    Ok(())
}
