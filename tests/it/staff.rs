//! Whoever answers for a place: changes what people may do, ends it, and cannot leave the place with nobody.

use serde_json::{Value, json};
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::invitations::administrator;

const MEMBER: &str = "member { roles version }";

fn roles(of: &Persona, version: i32, roles: &[&str]) -> Value {
    json!({ "membershipId": of.session.membership.to_string(), "version": version, "roles": roles })
}

fn ending(of: &Persona, version: i32) -> Value {
    json!({ "membershipId": of.session.membership.to_string(), "version": version })
}

async fn asks(who: &Client) -> bool {
    who.data("{ worklist(first: 1) { counts { tasks } } }", json!({})).await.is_ok()
}

async fn scene() -> anyhow::Result<(Served, Region, Persona, Client)> {
    let (served, region) = Served::with_region().await?;
    let kit = administrator(&served, &region).await?;
    let client = served.client(&kit)?;
    Ok((served, region, kit, client))
}

#[tokio::test]
async fn a_changed_role_and_an_ended_membership_hold_from_the_next_request() -> anyhow::Result<()> {
    let (served, region, _, kit) = scene().await?;
    let sam = served.client(&region.link_worker)?;
    assert!(asks(&sam).await);
    let input = roles(&region.link_worker, 1, &["REFERRER"]);
    let changed = kit.mutate("changeRoles", "ChangeRolesInput", input.clone(), MEMBER).await?;
    assert_eq!(changed["member"], json!({ "roles": ["REFERRER"], "version": 2 }), "{changed}");
    assert!(!asks(&sam).await, "the token still says link worker");
    assert_eq!(kit.refused("changeRoles", "ChangeRolesInput", input).await?, "STALE");

    let noor = served.client(&region.team_lead)?;
    assert!(asks(&noor).await);
    kit.mutate("endMembership", "EndMembershipInput", ending(&region.team_lead, 1), MEMBER).await?;
    assert!(!asks(&noor).await, "whoever has left goes on");
    Ok(())
}

#[tokio::test]
async fn an_administrator_ends_a_members_sign_ins_and_no_others() -> anyhow::Result<()> {
    let (served, region, _, kit) = scene().await?;
    let (sam, noor) = (served.client(&region.link_worker)?, served.client(&region.team_lead)?);
    let input = json!({ "membershipId": region.link_worker.session.membership.to_string() });
    let ended = kit.mutate("endMemberSessions", "EndMemberSessionsInput", input, MEMBER).await?;
    assert_eq!(ended["member"]["version"], 1, "{ended}");
    assert!(!asks(&sam).await && asks(&noor).await);
    // another organisation's member is not there at all
    let bea = json!({ "membershipId": region.volunteer.session.membership.to_string() });
    assert_eq!(kit.refused("endMemberSessions", "EndMemberSessionsInput", bea).await?, "NOT_FOUND");
    assert!(asks(&served.client(&region.volunteer)?).await);
    Ok(())
}

#[tokio::test]
async fn the_last_one_who_answers_for_a_place_stays_and_nobody_adds_to_their_own() -> anyhow::Result<()> {
    let (served, region, kit_persona, kit) = scene().await?;
    let step_down = roles(&kit_persona, 1, &["REFERRER", "ORGANISATION_ADMIN"]);
    assert_eq!(kit.refused("changeRoles", "ChangeRolesInput", step_down).await?, "OWN_ROLES");
    let leave = ending(&kit_persona, 1);
    assert_eq!(kit.refused("endMembership", "EndMembershipInput", leave).await?, "LAST_ADMINISTRATOR");
    // the same holds for whoever coordinates the network
    let ines = served.client(&region.coordinator)?;
    let leave = ending(&region.coordinator, 1);
    assert_eq!(ines.refused("endMembership", "EndMembershipInput", leave).await?, "LAST_ADMINISTRATOR");
    // who reaches no roles inside organisations
    let climb = roles(&region.link_worker, 1, &["TEAM_LEAD"]);
    assert_eq!(ines.refused("changeRoles", "ChangeRolesInput", climb).await?, "DENIED");
    Ok(())
}

#[tokio::test]
async fn of_two_administrators_who_leave_at_once_one_stays() -> anyhow::Result<()> {
    let (served, region, kit_persona, kit) = scene().await?;
    let lou_persona = served
        .world
        .member((region.network, Some(region.links)), "Lou Penn", Role::OrganisationAdmin)
        .await?;
    let lou = served.client(&lou_persona)?;
    let (one, two) = tokio::join!(
        kit.mutate("endMembership", "EndMembershipInput", ending(&kit_persona, 1), MEMBER),
        lou.mutate("endMembership", "EndMembershipInput", ending(&lou_persona, 1), MEMBER)
    );
    let done = [one, two].into_iter().flatten().filter(|payload| payload["refusal"].is_null()).count();
    assert_eq!(done, 1, "one of two leaves");
    let owner = served.world.database.connect_as_owner().await?;
    let left = "SELECT count(*) FROM memberships WHERE organisation_id = $1 AND ended_at IS NULL \
                AND 'organisation_admin' = ANY (roles)";
    let links = trellis_domain::kernel::TypedId::uuid(region.links);
    assert_eq!(owner.query_one(left, &[&links]).await?.get::<_, i64>(0), 1);
    Ok(())
}

#[tokio::test]
async fn the_list_shows_whom_one_answers_for_and_finds_by_a_part_of_a_name() -> anyhow::Result<()> {
    let (served, region, _, kit) = scene().await?;
    let query = "query($w: String, $a: String) { staff(filter: { words: $w }, first: 2, after: $a) { \
                 edges { node { name organisationName lastSeenAt isYou } } pageInfo { hasNextPage endCursor } } }";
    let first = kit.data(query, json!({})).await?["staff"].clone();
    assert_eq!(first["pageInfo"]["hasNextPage"], true, "{first}");
    let rest = kit.data(query, json!({ "a": first["pageInfo"]["endCursor"] })).await?["staff"].clone();
    let all = format!("{first}{rest}");
    assert!(all.contains("Kit Shaw") && all.contains("Sam Ridley") && !all.contains("Bea Lowe"), "{all}");
    let found = kit.data(query, json!({ "w": "ridl" })).await?["staff"]["edges"].clone();
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
    assert!(found[0]["node"]["lastSeenAt"].is_string());
    let literal = kit.data(query, json!({ "w": "%" })).await?["staff"]["edges"].clone();
    assert_eq!(literal, json!([]), "a sign is taken as it stands");
    let network = served.client(&region.coordinator)?.data(query, json!({ "w": "Lowe" })).await?;
    assert!(network.to_string().contains("Eastfield Walkers"), "{network}");
    Ok(())
}
