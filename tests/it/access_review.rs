//! An access review: who has what, whoever has waited longest first; confirmed by somebody else, for these roles only; and
//! taken away as a list, which is recorded.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::TypedId;
use trellis_domain::policy::Role;
use trellis_tests::browser::Browser;
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::invitations::administrator;

pub const REVIEW: &str = "query($f: AccessReviewFilter, $a: String) { accessReview(filter: $f, first: 2, after: $a) { \
    edges { node { id name roles version secondFactor confirmedAt confirmedBy isYou } } pageInfo { hasNextPage endCursor } } }";
const STANDING: &str =
    "{ accessReviewStanding { people unconfirmed unseen withoutSecondFactor everybodySince } }";

async fn scene() -> anyhow::Result<(Served, Region, Persona, Client)> {
    let (served, region) = Served::with_region().await?;
    let kit = administrator(&served, &region).await?;
    let client = served.client(&kit)?;
    Ok((served, region, kit, client))
}

fn seen(of: &Persona, version: i32) -> Value {
    json!({ "membershipId": of.session.membership.to_string(), "version": version })
}

pub async fn confirms(who: &Client, members: &[Value]) -> anyhow::Result<Value> {
    let input = json!({ "members": members });
    who.mutate("confirmAccess", "ConfirmAccessInput", input, "confirmed").await
}

/// Everybody on all pages, in their order.
async fn everybody(who: &Client, filter: Value) -> anyhow::Result<Vec<Value>> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = who.data(REVIEW, json!({ "f": filter, "a": after })).await?["accessReview"].clone();
        let edges = page["edges"].as_array().cloned().unwrap_or_default();
        all.extend(edges.into_iter().map(|edge| edge["node"].clone()));
        if page["pageInfo"]["hasNextPage"] != true {
            return Ok(all);
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn names(of: &[Value]) -> Vec<&str> {
    of.iter().filter_map(|node| node["name"].as_str()).collect()
}

#[tokio::test]
async fn whoever_has_waited_longest_for_a_look_comes_first() -> anyhow::Result<()> {
    let (served, region, _, kit) = scene().await?;
    let before = everybody(&kit, Value::Null).await?;
    assert!(names(&before).contains(&"Sam Ridley") && !names(&before).contains(&"Bea Lowe"), "{before:?}");
    served.world.clock.advance(SignedDuration::from_mins(1));
    let done = confirms(&kit, &[seen(&region.link_worker, 1)]).await?;
    assert_eq!(done["confirmed"], json!([region.link_worker.session.membership.to_string()]), "{done}");
    let after = everybody(&kit, Value::Null).await?;
    assert_eq!(after.len(), before.len(), "nobody is lost between the pages");
    let last = after.last().cloned().unwrap_or_default();
    assert_eq!(
        (&last["name"], &last["confirmedBy"]),
        (&json!("Sam Ridley"), &json!("Kit Shaw")),
        "{after:?}"
    );
    let waiting = everybody(&kit, json!({ "unconfirmed": true })).await?;
    assert!(!names(&waiting).contains(&"Sam Ridley"), "{waiting:?}");
    // a quarter later somebody looks again
    served.world.clock.advance(SignedDuration::from_hours(24 * 91));
    let kit = served.client(&administrator_again(&served, &region).await?)?;
    let waiting = everybody(&kit, json!({ "unconfirmed": true })).await?;
    assert!(names(&waiting).contains(&"Sam Ridley"), "{waiting:?}");
    Ok(())
}

/// Sessions do not last a quarter: somebody else has come by then.
async fn administrator_again(served: &Served, region: &Region) -> anyhow::Result<Persona> {
    served.world.member((region.network, Some(region.links)), "Lou Penn", Role::OrganisationAdmin).await
}

#[tokio::test]
async fn a_confirmation_of_other_roles_does_not_count_for_new_ones_nor_for_old_ones_given_back()
-> anyhow::Result<()> {
    let (_served, region, _, kit) = scene().await?;
    confirms(&kit, &[seen(&region.link_worker, 1)]).await?;
    for (version, roles) in [(1, "REFERRER"), (2, "LINK_WORKER")] {
        let member = region.link_worker.session.membership.to_string();
        let input = json!({ "membershipId": member, "version": version, "roles": [roles] });
        kit.mutate("changeRoles", "ChangeRolesInput", input, "member { version }").await?;
        let waiting = everybody(&kit, json!({ "unconfirmed": true })).await?;
        assert!(names(&waiting).contains(&"Sam Ridley"), "{roles}: {waiting:?}");
    }
    let stale = json!({ "members": [seen(&region.link_worker, 1)] });
    assert_eq!(kit.refused("confirmAccess", "ConfirmAccessInput", stale).await?, "STALE");
    Ok(())
}

#[tokio::test]
async fn nobody_confirms_their_own_access_and_all_are_confirmed_or_none() -> anyhow::Result<()> {
    let (served, region, kit_persona, kit) = scene().await?;
    let both = json!({ "members": [seen(&region.link_worker, 1), seen(&kit_persona, 1)] });
    assert_eq!(kit.refused("confirmAccess", "ConfirmAccessInput", both).await?, "OWN_ACCESS");
    let all = everybody(&kit, Value::Null).await?;
    assert!(all.iter().all(|node| node["confirmedAt"].is_null()), "half of a press was kept: {all:?}");
    // the only administrator is looked at by whoever coordinates the network
    let ines = served.client(&region.coordinator)?;
    let done = confirms(&ines, &[seen(&kit_persona, 1)]).await?;
    assert!(done["refusal"].is_null(), "{done}");
    // and nobody by their other membership
    let owner = served.world.database.connect_as_owner().await?;
    owner
        .execute(
            "UPDATE memberships SET user_id = $1 WHERE membership_id = $2",
            &[&region.coordinator.session.user.uuid(), &region.link_worker.session.membership.uuid()],
        )
        .await?;
    let own = json!({ "members": [seen(&region.link_worker, 1)] });
    assert_eq!(ines.refused("confirmAccess", "ConfirmAccessInput", own).await?, "OWN_ACCESS");
    Ok(())
}

#[tokio::test]
async fn a_review_is_finished_when_everybody_was_looked_at() -> anyhow::Result<()> {
    let (served, region, kit_persona, kit) = scene().await?;
    let standing = kit.data(STANDING, json!({})).await?["accessReviewStanding"].clone();
    assert_eq!(standing["everybodySince"], Value::Null, "{standing}");
    assert_eq!(standing["people"], standing["unconfirmed"], "{standing}");
    let others = everybody(&kit, Value::Null).await?;
    let others: Vec<Value> = others
        .iter()
        .filter(|node| node["isYou"] == false)
        .map(|node| json!({ "membershipId": node["id"], "version": node["version"] }))
        .collect();
    confirms(&kit, &others).await?;
    let standing = kit.data(STANDING, json!({})).await?["accessReviewStanding"].clone();
    assert_eq!(
        (&standing["unconfirmed"], &standing["everybodySince"]),
        (&json!(1), &Value::Null),
        "{standing}"
    );
    served.world.clock.advance(SignedDuration::from_mins(1));
    confirms(&served.client(&region.coordinator)?, &[seen(&kit_persona, 1)]).await?;
    let standing = kit.data(STANDING, json!({})).await?["accessReviewStanding"].clone();
    assert_eq!(standing["unconfirmed"], 0, "{standing}");
    assert!(standing["everybodySince"].is_string(), "{standing}");
    Ok(())
}

#[tokio::test]
async fn who_was_not_seen_for_long_and_who_has_no_second_factor_are_found() -> anyhow::Result<()> {
    let (served, region, _, _) = scene().await?;
    let platform = served.world.database.connect_as("trellis_platform").await?;
    let passkey: trellis_domain::kernel::PasskeyId = served.world.id();
    platform
        .execute(
            "INSERT INTO passkeys (passkey_id, user_id, credential_id, credential, name, created_at) VALUES ($1, $2, '\\x07', '{}', 'Key', now())",
            &[&passkey.uuid(), &region.link_worker.session.user.uuid()],
        )
        .await?;
    platform.execute("UPDATE sessions SET last_seen_at = '2026-11-23'", &[]).await?;
    served.world.clock.advance(SignedDuration::from_hours(24 * 91));
    let kit = served.client(&administrator_again(&served, &region).await?)?;
    let unseen = everybody(&kit, json!({ "unseen": true })).await?;
    assert!(names(&unseen).contains(&"Sam Ridley") && !names(&unseen).contains(&"Lou Penn"), "{unseen:?}");
    let without = everybody(&kit, json!({ "withoutSecondFactor": true })).await?;
    assert!(!names(&without).contains(&"Sam Ridley") && names(&without).contains(&"Lou Penn"), "{without:?}");
    let query =
        "query($f: StaffFilter) { staff(filter: $f, first: 50) { edges { node { name secondFactor } } } }";
    let listed = kit.data(query, json!({ "f": { "withoutSecondFactor": true } })).await?["staff"].to_string();
    assert!(!listed.contains("Sam Ridley") && listed.contains("Lou Penn"), "{listed}");
    let found = kit.data(query, json!({ "f": { "words": "ridl" } })).await?;
    assert_eq!(found["staff"]["edges"][0]["node"]["secondFactor"], true, "{found}");
    let count = "query($id: ID!) { managedOrganisation(id: $id) { memberCount withoutSecondFactorCount } }";
    let counted =
        kit.data(count, json!({ "id": region.links.to_string() })).await?["managedOrganisation"].clone();
    let number = |name: &str| counted[name].as_i64().unwrap_or_default();
    assert_eq!(number("memberCount") - 1, number("withoutSecondFactorCount"), "{counted}");
    Ok(())
}

#[tokio::test]
async fn a_list_that_leaves_is_recorded_with_how_many_it_names() -> anyhow::Result<()> {
    let (served, region, _, kit) = scene().await?;
    let take = |who: Client, input: Value| async move {
        who.mutate("exportAccessReview", "ExportAccessReviewInput", input, "rows { name email roles }").await
    };
    let taken = take(kit, json!({})).await?;
    let rows = taken["rows"].as_array().map(Vec::len).unwrap_or_default();
    assert!(rows > 2 && !taken.to_string().contains("Bea Lowe"), "{taken}");
    let owner = served.world.database.connect_as_owner().await?;
    let kept =
        "SELECT (facts ->> 'rows')::bigint, subject_id FROM events WHERE name = 'access_review.exported'";
    let event = owner.query_one(kept, &[]).await?;
    assert_eq!(event.get::<_, i64>(0), i64::try_from(rows)?);
    assert_eq!(event.get::<_, uuid::Uuid>(1), region.links.uuid());
    let audited =
        "SELECT count(*) FROM audit_entries WHERE action = 'access_review.export' AND result = 'done'";
    assert_eq!(owner.query_one(audited, &[]).await?.get::<_, i64>(0), 1);
    // whoever coordinates takes the network's, or one organisation's; never another network's
    let ines = served.client(&region.coordinator)?;
    let whole = take(ines.clone(), json!({})).await?;
    assert!(whole.to_string().contains("Bea Lowe") && whole.to_string().contains("Sam Ridley"), "{whole}");
    let south = served.world.region("south-moor").await?;
    let theirs = json!({ "organisationId": south.links.to_string() });
    assert_eq!(ines.refused("exportAccessReview", "ExportAccessReviewInput", theirs).await?, "NOT_FOUND");
    Ok(())
}

#[tokio::test]
async fn one_member_is_found_by_id_and_nobody_elses_is() -> anyhow::Result<()> {
    let (_served, region, _, kit) = scene().await?;
    let query = "query($id: ID!) { staffMember(id: $id) { name version } }";
    let ours = json!({ "id": region.link_worker.session.membership.to_string() });
    assert_eq!(kit.data(query, ours).await?["staffMember"]["name"], "Sam Ridley");
    let theirs = json!({ "id": region.volunteer.session.membership.to_string() });
    assert_eq!(kit.data(query, theirs).await?["staffMember"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn the_pages_confirm_and_hand_out_a_list_that_runs_nothing() -> anyhow::Result<()> {
    let scene = crate::second_factor::Scene::new().await?;
    let (served, region) = (&scene.served, &scene.region);
    let at_links = (region.network, Some(region.links));
    served.world.member(at_links, "=HYPERLINK(1)", Role::Analyst).await?;
    let kit = administrator(served, region).await?;
    scene.with_password(&kit).await?;
    let office = Browser::at(&served.url)?;
    let entered = office
        .post("/sign-in", &[("email", &kit.email), ("password", crate::second_factor::PASSWORD)])
        .await?;
    anyhow::ensure!(entered.status == 303, "{}", entered.text);
    let page = "/admin/access-review";
    office.get(page).await?.says(200, "still to look at")?;
    office.post(page, &[("submission", "0123456789")]).await?.says(422, "Tick at least one person")?;
    let own = format!("{}.1", kit.session.membership);
    office.post(page, &[("member", &own)]).await?.says(422, "Nobody confirms their own access")?;
    let sam = format!("{}.1", region.link_worker.session.membership);
    let lead = format!("{}.1", region.team_lead.session.membership);
    let done =
        office.post(page, &[("member", &sam), ("member", &lead), ("submission", "0123456789")]).await?;
    office.get(done.next()?).await?.says(200, "Confirmed. Who looked, and when, is on record.")?;
    let file = office.post("/admin/access-review/export", &[("organisation", "")]).await?;
    file.says(200, "\u{feff}Name,E-mail,Organisation")?;
    file.says(200, "\r\n'=HYPERLINK(1),")?;
    file.says(200, "Kit Shaw\r\n")?;
    // and ten minutes later, only once it is known who asks
    served.world.clock.advance(SignedDuration::from_mins(11));
    let export = "/admin/access-review/export";
    office.post(export, &[("organisation", "")]).await?.says(200, "First, prove that it is you")?;
    let proof = [
        ("way", "password"),
        ("password", crate::second_factor::PASSWORD),
        ("then", export),
        ("kept", "organisation="),
    ];
    office.post("/prove", &proof).await?.says(200, export)?;
    office.post(export, &[("organisation", "")]).await?.says(200, "Name,E-mail")?;
    Ok(())
}

/// Asked as the application's role asks inside an organisation, whatever its queries say.
#[tokio::test]
async fn the_database_says_of_nobody_elses_members_whether_they_have_a_second_factor() -> anyhow::Result<()> {
    let (served, region, _, _) = scene().await?;
    crate::factor_reset::has_a_key(&served, &region.link_worker).await?;
    let member = region.link_worker.session.membership.uuid();
    let south = served.world.region("south-moor").await?;
    let ours = (region.network, Some(region.links));
    for ((network, organisation), known) in [
        (ours, 1),
        ((region.network, None), 1),
        ((region.network, Some(region.walkers)), 0),
        ((south.network, None), 0),
        ((south.network, Some(region.links)), 0),
    ] {
        let client = served.world.database.connect_as("trellis_app").await?;
        let acting = organisation.map(|id| id.uuid().to_string()).unwrap_or_default();
        client
            .batch_execute(&format!(
                "BEGIN; SET LOCAL app.network_id = '{}'; SET LOCAL app.organisation_id = '{acting}'",
                network.uuid()
            ))
            .await?;
        let asked = "SELECT count(*) FROM members_with_second_factor(ARRAY[$1::uuid])";
        let answered: i64 = client.query_one(asked, &[&member]).await?.get(0);
        assert_eq!(answered, known, "in {network}, for {organisation:?}");
        let reset = "SELECT begin_factor_reset($1, $1, now(), now(), now(), now())";
        let begun: bool = client.query_one(reset, &[&member]).await?.get(0);
        assert_eq!(begun, known == 1, "a reset in {network}, for {organisation:?}");
        client.batch_execute("ROLLBACK").await?;
    }
    Ok(())
}
