//! What is done in the story about organisations and their people, each step with a look at what came of it.

use anyhow::ensure;
use jiff::SignedDuration;
use serde_json::json;
use trellis_domain::kernel::TypedId;
use trellis_domain::policy::Role;
use trellis_domain::tenancy::OrganisationKind;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::access_review::confirms;
use crate::closing_story::agrees_to_everybody;
use crate::invitations::{accept, administrator, invited};
use crate::joining_story;
use crate::loop_over_graphql::{command, refer};
use crate::settings::{DOT, settle};

/// Somebody is invited by their own organisation, and somebody by the network; both join.
pub async fn joined(served: &Served, mailbox: &Mailbox, region: &Region) -> anyhow::Result<()> {
    let kit = administrator(served, region).await?;
    let ines = served.client(&region.coordinator)?;
    let door = Client::new(&served.url, None);
    let address = |local: &str| format!("{local}.{}@example.org", region.network.uuid().simple());
    for (by, email, role) in [
        (&served.client(&kit)?, address("ada"), "LINK_WORKER"),
        (&ines, address("max"), "NETWORK_COORDINATOR"),
    ] {
        let sent = invited(by, &email, &[role]).await?;
        ensure!(sent["invitation"]["state"] == "OPEN", "{sent}");
        let token = mailbox.newest(served, &email, "/invitation/").await?;
        let done = accept(&token, Some("Ada Bright"), "seven quiet otters", &door).await?;
        ensure!(done["done"] == true, "{done}");
    }
    settled(served, &kit).await?;
    reviewed(&served.client(&kit)?, &region.link_worker).await?;
    let gone = invited(&ines, &address("nobody"), &["ANALYST"]).await?;
    let bury = "UPDATE outbox SET status = 'dead' WHERE status = 'queued' AND subject_id IS NOT NULL";
    served.world.database.connect_as_owner().await?.execute(bury, &[]).await?;
    let look = "{ invitations(first: 10) { edges { node { id undeliverable } } } }";
    let seen = ines.data(look, json!({})).await?["invitations"]["edges"].clone();
    ensure!(seen[0]["node"]["id"] == gone["invitation"]["id"], "{seen}");
    ensure!(seen[0]["node"]["undeliverable"] == true, "{seen}");
    Ok(())
}

/// Somebody looks at what a link worker has, and the list shows who.
async fn reviewed(kit: &Client, of: &Persona) -> anyhow::Result<()> {
    let seen = json!({ "membershipId": of.session.membership.to_string(), "version": 1 });
    let done = confirms(kit, &[seen]).await?;
    ensure!(done["confirmed"].is_array(), "{done}");
    let look = "{ accessReview(first: 50) { edges { node { name confirmedBy } } } }";
    let listed = kit.data(look, json!({})).await?.to_string();
    ensure!(listed.contains("\"confirmedBy\":\"Kit Shaw\""), "{listed}");
    Ok(())
}

/// An organisation settles how its people sign in.
async fn settled(served: &Served, kit: &Persona) -> anyhow::Result<()> {
    let kit = served.client(kit)?;
    let logo = json!({ "imageBase64": DOT });
    let logo =
        kit.mutate("addLogo", "AddLogoInput", logo, "logo { digest }").await?["logo"]["digest"].clone();
    ensure!(logo.is_string(), "no logo was kept");
    let input = settle(20, 0, json!({ "branding": { "logo": logo } }));
    let done = kit.mutate("changeSettings", "ChangeSettingsInput", input, "settings { version }").await?;
    ensure!(done["settings"]["version"] == 1, "{done}");
    let kept = kit.data("{ settings { inForce { idleMinutes branding { logo } } } }", json!({})).await?;
    ensure!(kept["settings"]["inForce"]["idleMinutes"] == 20, "{kept}");
    ensure!(kept["settings"]["inForce"]["branding"]["logo"] == logo, "{kept}");
    Ok(())
}

/// An organisation is set up with what it has signed, and keeps how it is reached itself.
pub async fn managed(served: &Served, region: &Region) -> anyhow::Result<()> {
    let ines = served.client(&region.coordinator)?;
    let input = json!({ "name": "Moorside Allotments", "kind": "COMMUNITY_PROVIDER", "helpPhone": "01632 960 020",
        "services": ["Garden mornings"], "agreement": { "kind": "FUNDING", "version": "1", "agreedOn": "2026-11-23" } });
    let fields = "organisation { id agreements { version } }";
    let made = ines.mutate("createOrganisation", "CreateOrganisationInput", input, fields).await?;
    ensure!(made["organisation"]["agreements"][0]["version"] == "1", "{made}");
    let at_walkers = (region.network, Some(region.walkers));
    let una = served.client(&served.world.member(at_walkers, "Una Hale", Role::OrganisationAdmin).await?)?;
    let input = json!({ "organisationId": region.walkers.to_string(), "name": "Eastfield Walkers",
        "helpPhone": "01632 960 030" });
    let kept = una
        .mutate(
            "configureOrganisation",
            "ConfigureOrganisationInput",
            input,
            "organisation { organisation { helpPhone } }",
        )
        .await?;
    ensure!(kept["organisation"]["organisation"]["helpPhone"] == "01632 960 030", "{kept}");
    Ok(())
}

/// Where two factors are asked for, a session of one is refused at its very next request.
pub async fn asked_for_two_factors(served: &Served, region: &Region) -> anyhow::Result<()> {
    let tom = served.client(&region.adviser)?;
    let look = "{ worklist(first: 1) { counts { tasks } } }";
    let owner = served.world.database.connect_as_owner().await?;
    let ask = "INSERT INTO organisation_settings (network_id, organisation_id, version, takes_effect_at, second_factor_required,
                 idle_minutes, session_hours, changed_at, changed_by)
               VALUES ($1, $2, 1, '2026-01-01', true, 30, 12, now(), $1)";
    owner.execute(ask, &[&region.network.uuid(), &region.advice.uuid()]).await?;
    let refused = tom.data(look, json!({})).await.is_err();
    let no_more = "DELETE FROM organisation_settings WHERE organisation_id = $1";
    owner.execute(no_more, &[&region.advice.uuid()]).await?;
    ensure!(refused, "one factor is enough");
    Ok(())
}

/// A link-worker service closes: whom it helped goes to the other one, where the person agreed to that.
pub async fn closed_down(served: &Served, mailbox: &Mailbox, region: &Region) -> anyhow::Result<()> {
    let (world, kind) = (&served.world, OrganisationKind::LinkWorkerService);
    let old = world.organisation(region.network, "Old Town Links", kind).await?;
    let helping = world.service((region.network, old), "Old Town link workers", None).await?;
    let nora = world.member((region.network, Some(old)), "Nora Frost", Role::TeamLead).await?;
    let sent = refer(&served.client(&region.referrer)?, &helping.to_string()).await?;
    command(&served.client(&nora)?, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    agrees_to_everybody(served, &nora, &sent).await?;
    let input = json!({ "organisationId": old.to_string(), "successorId": region.links.to_string() });
    let fields = "organisation { closing { left { passedOn } } }";
    let ines = served.client(&region.coordinator)?;
    let closed = ines.mutate("closeOrganisation", "CloseOrganisationInput", input, fields).await?;
    ensure!(closed["organisation"]["closing"]["left"]["passedOn"] == 1, "{closed}");
    // What a story that was cut short has left is settled along with it: what counts is what the successor got.
    let settled = mailbox.settle().await?;
    ensure!(settled.settled > 0, "{settled:?}");
    let list = "{ referrals(filter: { side: RECEIVED, stages: [SENT] }, first: 20) { edges { node { fromName } } } }";
    let got = served.client(&region.team_lead)?.data(list, json!({})).await?.to_string();
    ensure!(got.contains("Mill Street Surgery"), "the successor has got nobody: {got}");
    world.clock.advance(SignedDuration::from_mins(3));
    mailbox.settle().await?;
    let query = "query($id: ID!) { managedOrganisation(id: $id) { closing { finishedAt } } }";
    let over = ines.data(query, json!({ "id": old.to_string() })).await?;
    ensure!(over["managedOrganisation"]["closing"]["finishedAt"].is_string(), "{over}");
    Ok(())
}

/// A group asks to join: it is read by whoever coordinates the network.
pub async fn applied_for(served: &Served, region: &Region) -> anyhow::Result<()> {
    let ines = served.client(&region.coordinator)?;
    joining_story::opened(&ines).await?;
    let id = joining_story::waits(served, region).await?;
    let look = "query($id: ID!) { application(id: $id) { contactName } joining { agreement } }";
    let seen = ines.data(look, json!({ "id": id.to_string() })).await?;
    ensure!(
        seen["application"]["contactName"] == "Jen Moss" && seen["joining"]["agreement"] == "2026-04",
        "{seen}"
    );
    Ok(())
}

/// An organisation that is suspended is refused at its very next request.
pub async fn shut_out(served: &Served, region: &Region) -> anyhow::Result<()> {
    let tom = served.client(&region.adviser)?;
    let look = "{ worklist(first: 1) { counts { tasks } } }";
    tom.data(look, json!({})).await?;
    let owner = served.world.database.connect_as_owner().await?;
    let suspend = "UPDATE organisations SET suspended_at = now() WHERE organisation_id = $1";
    owner.execute(suspend, &[&region.advice.uuid()]).await?;
    ensure!(tom.data(look, json!({})).await.is_err(), "whoever is suspended goes on");
    Ok(())
}
