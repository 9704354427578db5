//! One person, one case: whoever enters somebody hears of those who look like them, and decides; whoever may not see a person
//! learns nothing, not even that there is one (P1 to P3).

use serde_json::{Value, json};
use trellis_domain::policy::Role;
use trellis_domain::tenancy::OrganisationKind;
use trellis_tests::footprint::footprint;
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::Region;

use crate::loop_over_graphql::{REFERRAL, agreement, command, refer_input};

fn jo(given: &str, family: &str, born: &str, postcode: &str) -> Value {
    json!({ "givenName": given, "familyName": family, "birthDate": born, "postcode": postcode })
}

fn the_same_jo() -> Value {
    jo("Jo", "Park", "1959-05-04", "LA9 4PU")
}

fn about(region: &Region, identity: &Value) -> Value {
    let mut input = refer_input(&region.link_service.to_string());
    input["newPerson"]["identity"] = identity.clone();
    input
}

async fn refers(client: &Client, input: Value) -> anyhow::Result<Value> {
    let sent = client.mutate("refer", "ReferInput", input, &format!("{REFERRAL} ")).await?;
    anyhow::ensure!(sent["refusal"].is_null(), "{sent}");
    Ok(sent["referral"].clone())
}

/// Who may be the same person as somebody about to be entered.
async fn alike(client: &Client, identity: &Value) -> anyhow::Result<Vec<Value>> {
    let query = "query($identity: IdentityInput!) { possibleMatches(identity: $identity) {
        inCommon inCommonWords person { id name referrals { stage service { name } worker { name } } } } }";
    let found = client.data(query, json!({ "identity": identity })).await?;
    Ok(found["possibleMatches"].as_array().cloned().unwrap_or_default())
}

async fn person_of(client: &Client, referral: &Value) -> anyhow::Result<Value> {
    let query = "query($id: ID!) { referral(id: $id) { person { id } } }";
    Ok(client.data(query, json!({ "id": referral["id"] })).await?["referral"]["person"]["id"].clone())
}

/// What a record says of others: who may be the same, and who was found to be.
async fn twice(client: &Client, person: &Value) -> anyhow::Result<(Vec<Value>, Vec<Value>)> {
    let query = "query($id: ID!) { person(id: $id) {
        possibleMatches { inCommon person { id referrals { stage worker { name } } } } sameAs { id verdict person { id } } } }";
    let found = client.data(query, json!({ "id": person })).await?["person"].clone();
    let list = |name: &str| found[name].as_array().cloned().unwrap_or_default();
    Ok((list("possibleMatches"), list("sameAs")))
}

#[tokio::test]
async fn whoever_looks_like_somebody_on_record_is_looked_at_before_anything_is_kept() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let gp = served.client(&region.referrer)?;
    refers(&gp, about(&region, &the_same_jo())).await?;
    let near = [
        (jo("Joe", "Parke", "1959-05-04", ""), json!(["SIMILAR_NAME", "SAME_BIRTH_DATE"])),
        (jo("JO", "PARK", "1959-04-05", ""), json!(["SAME_NAME", "SIMILAR_BIRTH_DATE"])),
        (jo("Park", "Jo", "1959-05-04", ""), json!(["SAME_NAME", "SAME_BIRTH_DATE"])),
        (jo("Jo", "Winter", "1959-05-04", "LA9 4PU"), json!(["SAME_BIRTH_DATE", "SAME_POSTCODE"])),
        (
            json!({ "givenName": "Jo", "familyName": "Park", "postcode": "LA9 4PU" }),
            json!(["SAME_NAME", "SAME_POSTCODE"]),
        ),
    ];
    for (identity, common) in near {
        let before = footprint(&served.world.database).await?;
        let code = gp.refused("refer", "ReferInput", about(&region, &identity)).await?;
        assert_eq!(code, "POSSIBLE_DUPLICATE", "{identity}");
        assert_eq!(footprint(&served.world.database).await?, before, "{identity}");
        let found = alike(&gp, &identity).await?;
        assert_eq!(found.len(), 1, "{identity}");
        assert_eq!(found[0]["inCommon"], common, "{identity}");
        assert_eq!(found[0]["person"]["referrals"][0]["service"]["name"], "Link workers");
    }

    let other = jo("Joe", "Parke", "1959-05-04", "");
    let found = alike(&gp, &other).await?;
    let mut decided = about(&region, &other);
    decided["newPerson"]["notTheSameAs"] = json!([found[0]["person"]["id"]]);
    refers(&gp, decided).await?;
    let stranger = jo("Amina", "Khan", "1984-11-23", "LA9 4PU");
    assert!(alike(&gp, &stranger).await?.is_empty());
    refers(&gp, about(&region, &stranger)).await?;
    Ok(())
}

#[tokio::test]
async fn a_colleague_who_did_not_refer_them_is_told_as_well() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let at_practice = (region.network, Some(region.practice));
    let ben = served.client(&served.world.member(at_practice, "Ben Cole", Role::Referrer).await?)?;
    let mut with_number = the_same_jo();
    with_number["nhsNumber"] = json!("9990548609");
    refers(&served.client(&region.referrer)?, about(&region, &with_number)).await?;
    let same = json!({ "givenName": "Joanna", "familyName": "Smith", "nhsNumber": "9990548609" });
    assert_eq!(ben.refused("refer", "ReferInput", about(&region, &same)).await?, "ALREADY_REGISTERED");
    assert_eq!(alike(&ben, &same).await?[0]["inCommon"], json!(["SAME_NUMBER"]));
    Ok(())
}

#[tokio::test]
async fn whoever_may_not_see_the_person_gets_the_answer_of_nobody() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let gp = served.client(&region.referrer)?;
    refers(&gp, about(&region, &the_same_jo())).await?;
    let lead = served.client(&region.team_lead)?;
    assert!(alike(&lead, &the_same_jo()).await?.is_empty(), "asked, and not accepted yet");
    let new = json!({ "identity": the_same_jo(), "preferences": { "channels": ["LETTER"] } });
    let registered = lead.mutate("registerPerson", "RegisterPersonInput", new, "person { id }").await?;
    assert!(registered["refusal"].is_null(), "{registered}");

    let bea = served.client(&region.volunteer)?;
    let query = "query($identity: IdentityInput!) { possibleMatches(identity: $identity) { inCommon } }";
    let ask = async |identity: Value| bea.ask(query, json!({ "identity": identity })).await;
    let known = ask(the_same_jo()).await?;
    let unknown = ask(jo("Nobody", "Anywhere", "1971-01-31", "LA1 1AA")).await?;
    let said = |answer: &Value| answer["errors"][0]["message"].clone();
    assert_eq!((known.status, said(&known.body)), (unknown.status, said(&unknown.body)));
    assert!(said(&known.body).is_string(), "{}", known.body);
    Ok(())
}

#[tokio::test]
async fn of_two_who_enter_the_same_person_at_once_the_second_hears_of_the_first() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let at_practice = (region.network, Some(region.practice));
    let ben = served.client(&served.world.member(at_practice, "Ben Cole", Role::Referrer).await?)?;
    let ama = served.client(&region.referrer)?;
    for born in ["1931-01-13", "1942-02-24", "1953-03-15", "1964-04-26", "1975-05-17", "1986-06-28"] {
        let input = about(&region, &jo("Jo", "Park", born, ""));
        let fields = "referral { id }";
        let (one, two) = tokio::join!(
            ama.mutate("refer", "ReferInput", input.clone(), fields),
            ben.mutate("refer", "ReferInput", input.clone(), fields)
        );
        let codes = [&one?["refusal"]["code"], &two?["refusal"]["code"]].map(Clone::clone);
        let refused = codes.iter().filter(|code| *code == "POSSIBLE_DUPLICATE").count();
        assert_eq!((refused, codes.iter().filter(|code| code.is_null()).count()), (1, 1), "{codes:?}");
    }
    Ok(())
}

#[tokio::test]
async fn of_two_who_ask_for_the_same_person_at_once_the_second_hears_of_the_first() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let at_practice = (region.network, Some(region.practice));
    let ben = served.client(&served.world.member(at_practice, "Ben Cole", Role::Referrer).await?)?;
    let ama = served.client(&region.referrer)?;
    for born in ["1931-01-13", "1942-02-24", "1953-03-15", "1964-04-26", "1975-05-17", "1986-06-28"] {
        let new =
            json!({ "identity": jo("Jo", "Park", born, ""), "preferences": { "channels": ["LETTER"] } });
        let known = ama.mutate("registerPerson", "RegisterPersonInput", new, "person { id }").await?;
        let mut input = refer_input(&region.link_service.to_string());
        (input["personId"], input["newPerson"]) = (known["person"]["id"].clone(), Value::Null);
        let fields = "referral { id }";
        let (one, two) = tokio::join!(
            ama.mutate("refer", "ReferInput", input.clone(), fields),
            ben.mutate("refer", "ReferInput", input.clone(), fields)
        );
        let codes = [&one?["refusal"]["code"], &two?["refusal"]["code"]].map(Clone::clone);
        let refused = codes.iter().filter(|code| *code == "ASKED_ALREADY").count();
        assert_eq!((refused, codes.iter().filter(|code| code.is_null()).count()), (1, 1), "{codes:?}");
    }
    Ok(())
}

/// The link workers were told the need and how to reach her: no date of birth, and no number.
#[tokio::test]
async fn what_an_agreement_does_not_share_finds_nobody() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let mut identity = the_same_jo();
    identity["nhsNumber"] = json!("9990548609");
    let new = json!({ "identity": identity, "preferences": { "channels": ["LETTER"] } });
    let known = gp.mutate("registerPerson", "RegisterPersonInput", new, "person { id }").await?;
    let person = known["person"]["id"].clone();
    let limited = json!({
        "personId": person, "purpose": "REFERRAL", "scope": "NEED_AND_ACCESS", "agreement": agreement(),
        "organisationId": region.links.to_string(),
    });
    gp.mutate("recordDecision", "RecordDecisionInput", limited, "decision { id }").await?;
    let mut input = refer_input(&region.link_service.to_string());
    (input["personId"], input["newPerson"], input["agreement"]) = (person, Value::Null, Value::Null);
    let sent = refers(&gp, input).await?;
    command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;

    let by_birth = jo("Jo", "Park", "1959-05-04", "");
    assert!(alike(&lead, &by_birth).await?.is_empty(), "a date of birth was found by trying");
    let by_number = json!({ "givenName": "Nobody", "familyName": "Else", "nhsNumber": "9990548609" });
    assert!(alike(&lead, &by_number).await?.is_empty(), "a number was found by trying");
    let new = json!({ "identity": by_number, "preferences": { "channels": ["LETTER"] } });
    let registered = lead.mutate("registerPerson", "RegisterPersonInput", new, "person { id }").await?;
    assert!(registered["refusal"].is_null(), "a number was found by trying: {registered}");
    let by_postcode = alike(&lead, &the_same_jo()).await?;
    assert_eq!(by_postcode[0]["inCommon"], json!(["SAME_NAME", "SAME_POSTCODE"]));
    Ok(())
}

/// Somebody is on record twice: the link workers say so, and see the two together.
pub async fn found_twice(served: &Served, region: &Region) -> anyhow::Result<()> {
    let lead = served.client(&region.team_lead)?;
    let mut twice = Vec::new();
    for given in ["Lou", "Louise"] {
        let identity = json!({ "givenName": given, "familyName": "Marsh", "birthDate": "1971-01-31" });
        let input = json!({
            "identity": identity, "preferences": { "channels": ["LETTER"] }, "notTheSameAs": twice.clone(),
        });
        let made = lead.mutate("registerPerson", "RegisterPersonInput", input, "person { id }").await?;
        anyhow::ensure!(made["refusal"].is_null(), "{made}");
        twice.push(made["person"]["id"].clone());
    }
    let same = json!({ "personId": twice[0], "otherPersonId": twice[1], "verdict": "SAME" });
    let said = lead.mutate("decideSameness", "DecideSamenessInput", same, "personMatch { id }").await?;
    anyhow::ensure!(said["refusal"].is_null(), "{said}");
    let look =
        "query($id: ID!) { person(id: $id) { sameAs { person { id } } possibleMatches { inCommon } } }";
    let seen = lead.data(look, json!({ "id": twice[0] })).await?["person"].clone();
    anyhow::ensure!(seen["sameAs"][0]["person"]["id"] == twice[1], "{seen}");
    let back = json!({ "matchId": said["personMatch"]["id"] });
    let fields = "personMatch { takenBackAt }";
    let undone = lead.mutate("takeBackSameness", "TakeBackSamenessInput", back, fields).await?;
    anyhow::ensure!(undone["personMatch"]["takenBackAt"].is_string(), "{undone}");
    Ok(())
}

/// The practice and the council have each asked for Mr A, and the link workers have taken both up.
struct AskedTwice {
    served: Served,
    region: Region,
    lead: Client,
    gp: Client,
    first: Value,
    second: Value,
}

impl AskedTwice {
    async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let council =
            served.world.organisation(region.network, "Vale Council", OrganisationKind::Council).await?;
        let at_council = (region.network, Some(council));
        let clerk = served.client(&served.world.member(at_council, "Cas Wright", Role::Referrer).await?)?;
        let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
        let sent = refers(&clerk, about(&region, &jo("Anthony", "Abbott", "1948-08-09", "LA9 4PU"))).await?;
        let taken = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
        let to_sam = json!({ "userId": region.link_worker.session.user.to_string() });
        command(&lead, "allocateReferral", "AllocateReferralInput", &taken, to_sam).await?;
        let first = person_of(&lead, &sent).await?;
        let sent = refers(&gp, about(&region, &jo("Antony", "Abott", "1948-09-08", ""))).await?;
        command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
        let second = person_of(&lead, &sent).await?;
        Ok(Self { served, region, lead, gp, first, second })
    }

    async fn decide(&self, verdict: &str) -> anyhow::Result<Value> {
        let input = json!({ "personId": self.second, "otherPersonId": self.first, "verdict": verdict });
        self.lead.mutate("decideSameness", "DecideSamenessInput", input, "personMatch { id verdict }").await
    }

    async fn take_back(&self, decided: &Value) -> anyhow::Result<Value> {
        let input = json!({ "matchId": decided["personMatch"]["id"] });
        self.lead
            .mutate("takeBackSameness", "TakeBackSamenessInput", input, "personMatch { id takenBackAt }")
            .await
    }
}

/// Acceptance scenario 7.
#[tokio::test]
async fn whoever_helps_sees_the_open_case_and_its_owner_and_keeps_the_two_together() -> anyhow::Result<()> {
    let story = AskedTwice::new().await?;
    let (maybe, same) = twice(&story.lead, &story.second).await?;
    assert!(same.is_empty(), "{same:?}");
    assert_eq!(maybe[0]["person"]["id"], story.first);
    assert_eq!(maybe[0]["inCommon"], json!(["SIMILAR_NAME", "SIMILAR_BIRTH_DATE"]));
    assert_eq!(maybe[0]["person"]["referrals"][0]["worker"]["name"], "Sam Ridley");

    let decided = story.decide("SAME").await?;
    assert_eq!(decided["personMatch"]["verdict"], "SAME", "{decided}");
    assert_eq!(story.decide("SAME").await?["personMatch"], decided["personMatch"], "said twice is said once");
    for (person, other) in [(&story.first, &story.second), (&story.second, &story.first)] {
        let (maybe, same) = twice(&story.lead, person).await?;
        assert_eq!((maybe.len(), &same[0]["person"]["id"]), (0, other));
    }
    let (maybe, same) = twice(&story.gp, &story.second).await?;
    assert!(maybe.is_empty() && same.is_empty(), "the keeper of a record hears nothing of it");

    let undone = story.take_back(&decided).await?;
    assert!(undone["personMatch"]["takenBackAt"].is_string(), "{undone}");
    let (maybe, same) = twice(&story.lead, &story.second).await?;
    assert_eq!((maybe.len(), same.len()), (1, 0), "as if nothing had been said");
    let again = story.take_back(&decided).await?;
    assert_eq!(again["refusal"]["code"], "ALREADY_WITHDRAWN", "{again}");
    let owner = story.served.world.database.connect_as_owner().await?;
    let kept = owner
        .query_one(
            "SELECT count(*) FROM events WHERE name LIKE 'person.%same%' AND audience = ARRAY[$1::uuid]",
            &[&trellis_domain::kernel::TypedId::uuid(story.region.links)],
        )
        .await?;
    assert_eq!(kept.get::<_, i64>(0), 4, "what was said and taken back stays in the story of both");
    Ok(())
}

#[tokio::test]
async fn two_people_are_not_asked_about_again_and_nobody_overrules_a_colleague_unseen() -> anyhow::Result<()>
{
    let story = AskedTwice::new().await?;
    let decided = story.decide("DIFFERENT").await?;
    let (maybe, same) = twice(&story.lead, &story.second).await?;
    assert!(maybe.is_empty() && same.is_empty());
    assert_eq!(story.decide("SAME").await?["refusal"]["code"], "ANSWERED_ALREADY");
    story.take_back(&decided).await?;
    assert_eq!(story.decide("SAME").await?["personMatch"]["verdict"], "SAME");
    let itself = json!({ "personId": story.first, "otherPersonId": story.first, "verdict": "SAME" });
    assert_eq!(story.lead.refused("decideSameness", "DecideSamenessInput", itself).await?, "INVALID_INPUT");
    Ok(())
}

#[tokio::test]
async fn with_the_access_to_one_record_goes_what_the_other_says_of_it() -> anyhow::Result<()> {
    let story = AskedTwice::new().await?;
    story.decide("SAME").await?;
    let look = "query($id: ID!) { person(id: $id) { referrals { id version } } }";
    let asked = story.gp.data(look, json!({ "id": story.second })).await?["person"]["referrals"][0].clone();
    command(&story.gp, "withdrawReferral", "WithdrawReferralInput", &asked, json!({ "by": "PERSON" }))
        .await?;
    let (maybe, same) = twice(&story.lead, &story.first).await?;
    assert!(maybe.is_empty() && same.is_empty(), "{maybe:?} {same:?}");
    Ok(())
}

#[tokio::test]
async fn a_service_is_asked_once_for_a_person_unless_there_is_a_reason() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = refers(&gp, about(&region, &the_same_jo())).await?;
    let mut once_more = about(&region, &the_same_jo());
    (once_more["personId"], once_more["newPerson"]) = (person_of(&gp, &sent).await?, Value::Null);
    assert_eq!(gp.refused("refer", "ReferInput", once_more.clone()).await?, "ASKED_ALREADY");
    let mut elsewhere = once_more.clone();
    elsewhere["serviceId"] = json!(region.walking.to_string());
    refers(&gp, elsewhere).await?;
    let mut with_reason = once_more.clone();
    with_reason["again"] = json!("ANOTHER_NEED");
    let second = refers(&gp, with_reason).await?;
    let look = "query($id: ID!) { referral(id: $id) { timeline { name reason } } }";
    let story = gp.data(look, json!({ "id": second["id"] })).await?["referral"]["timeline"].clone();
    assert!(story.to_string().contains("They need something else as well"), "{story}");

    for open in [&sent, &second] {
        let no = json!({ "reason": "NO_CAPACITY" });
        command(&lead, "declineReferral", "DeclineReferralInput", open, no).await?;
    }
    refers(&gp, once_more).await?;
    Ok(())
}

#[tokio::test]
async fn who_is_to_hear_nothing_does_not_learn_by_asking_again_that_it_was_taken_up() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let mut input = about(&region, &the_same_jo());
    input["feedback"] = json!("NOTHING");
    let sent = refers(&gp, input.clone()).await?;
    (input["personId"], input["newPerson"]) = (person_of(&gp, &sent).await?, Value::Null);
    let asks_again = async || {
        let answer = gp.mutate("refer", "ReferInput", input.clone(), "__typename").await?;
        anyhow::Ok(answer["refusal"].clone())
    };
    let before = asks_again().await?;
    assert_eq!(before["code"], "ASKED_ALREADY");
    let taken = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    assert_eq!(asks_again().await?, before);
    let begun = command(&lead, "startReferral", "ReferralCommandInput", &taken, json!({})).await?;
    let words = json!({ "outcome": "GOAL_MET", "supportOffered": "Walks", "outcomes": "Goes alone", "actionsForReferrer": "None" });
    command(&lead, "completeReferral", "CompleteReferralInput", &begun, words).await?;
    // That it is over is all that is told; with it a new one can be made.
    assert!(asks_again().await?.is_null());
    Ok(())
}
