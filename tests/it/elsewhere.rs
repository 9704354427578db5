//! Whoever asked and got no for an answer, or none, sees at once where else they could ask (E4).

use serde_json::{Value, json};
use trellis_domain::kernel::ServiceId;
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::loop_over_graphql::{REFERRAL, command, refer, refer_input};

struct Scene {
    served: Served,
    region: Region,
}

impl Scene {
    fn client(&self, who: &Persona) -> anyhow::Result<Client> {
        self.served.client(who)
    }

    /// What somebody is shown of where else this could go.
    async fn shown(&self, who: &Persona, referral: &Value) -> anyhow::Result<Vec<String>> {
        let query = "query($id: ID!) { referral(id: $id) { alternatives(first: 10) { id } } }";
        let found = self.client(who)?.data(query, json!({ "id": referral["id"] })).await?;
        let all = found["referral"]["alternatives"].as_array().cloned().unwrap_or_default();
        Ok(all.iter().filter_map(|service| Some(service["id"].as_str()?.to_owned())).collect())
    }

    async fn is_now(&self, by: &Persona, service: ServiceId, state: &str) -> anyhow::Result<()> {
        let input = json!({ "serviceId": service.to_string(), "state": state });
        let done =
            self.client(by)?.mutate("setCapacity", "SetCapacityInput", input, "service { id }").await?;
        anyhow::ensure!(done["refusal"].is_null(), "{done}");
        Ok(())
    }
}

#[tokio::test]
async fn who_hears_no_sees_where_there_is_room_before_where_one_waits_and_nothing_that_is_closed()
-> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let scene = Scene { served, region };
    let region = &scene.region;
    let sent = refer(&scene.client(&region.referrer)?, &region.walking.to_string()).await?;
    let no = json!({ "reason": "NOT_SUITABLE" });
    let bea = scene.client(&region.volunteer)?;
    command(&bea, "declineReferral", "DeclineReferralInput", &sent, no).await?;

    let (links, debt) = (region.link_service.to_string(), region.debt_advice.to_string());
    let all = scene.shown(&region.referrer, &sent).await?;
    assert!(all.contains(&links) && all.contains(&debt), "{all:?}");
    assert!(!all.contains(&region.walking.to_string()), "they have said no");
    scene.is_now(&region.team_lead, region.link_service, "WAITLIST").await?;
    assert_eq!(scene.shown(&region.referrer, &sent).await?.last(), Some(&links), "one waits there");
    scene.is_now(&region.team_lead, region.link_service, "CLOSED").await?;
    assert!(!scene.shown(&region.referrer, &sent).await?.contains(&links));
    assert_eq!(scene.shown(&region.volunteer, &sent).await?, [""; 0], "it is not theirs to place");
    Ok(())
}

#[tokio::test]
async fn nobody_who_has_said_no_is_named_again() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let scene = Scene { served, region };
    let region = &scene.region;
    let gp = scene.client(&region.referrer)?;
    let sent = refer(&gp, &region.walking.to_string()).await?;
    let no = json!({ "reason": "NOT_SUITABLE" });
    let bea = scene.client(&region.volunteer)?;
    command(&bea, "declineReferral", "DeclineReferralInput", &sent, no.clone()).await?;
    let look = "query($id: ID!) { referral(id: $id) { person { id } } }";
    let person = gp.data(look, json!({ "id": sent["id"] })).await?["referral"]["person"]["id"].clone();
    let mut again = refer_input(&region.debt_advice.to_string());
    (again["personId"], again["newPerson"]) = (person, Value::Null);
    let next = gp.mutate("refer", "ReferInput", again, REFERRAL).await?["referral"].clone();
    let tom = scene.client(&region.adviser)?;
    command(&tom, "declineReferral", "DeclineReferralInput", &next, no).await?;
    let left = scene.shown(&region.referrer, &next).await?;
    assert!(left.contains(&region.link_service.to_string()), "{left:?}");
    assert!(!left.contains(&region.walking.to_string()) && !left.contains(&region.debt_advice.to_string()));
    Ok(())
}

#[tokio::test]
async fn who_waits_for_an_answer_sees_it_too_and_nobody_once_it_is_taken_up() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let scene = Scene { served, region };
    let region = &scene.region;
    let sent = refer(&scene.client(&region.referrer)?, &region.walking.to_string()).await?;
    assert!(!scene.shown(&region.referrer, &sent).await?.is_empty());
    let bea = scene.client(&region.volunteer)?;
    command(&bea, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    assert_eq!(scene.shown(&region.referrer, &sent).await?, [""; 0]);
    Ok(())
}
