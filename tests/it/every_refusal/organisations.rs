//! Organisations, and who works in them.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::OrganisationId;
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::world::{Persona, Region};

use super::{Asked, Scene};
use crate::invitations::{administrator, invited};
use crate::loop_over_graphql::{REFERRAL, agreement, command, refer};

async fn kit(scene: &Scene) -> anyhow::Result<Client> {
    scene.client(&administrator(&scene.served, &scene.region).await?)
}

fn inviting(by: Client, email: &str, role: &str) -> Asked {
    Asked::of(by, "inviteMember", "InviteMemberInput", json!({ "email": email, "roles": [role] }))
}

fn inviting_from_outside(scene: &Scene, email: &str, role: &str) -> anyhow::Result<Asked> {
    let input = json!({ "organisationId": scene.region.links.to_string(), "email": email, "roles": [role] });
    let ines = scene.client(&scene.region.coordinator)?;
    Ok(Asked::of(ines, "inviteMember", "InviteMemberInput", input))
}

pub async fn whoever_is_a_member_is_not_invited(scene: &Scene) -> anyhow::Result<Asked> {
    Ok(inviting(kit(scene).await?, &scene.region.link_worker.email, "TEAM_LEAD"))
}

pub async fn nobody_is_invited_twice(scene: &Scene) -> anyhow::Result<Asked> {
    let kit = kit(scene).await?;
    invited(&kit, "ada@example.org", &["LINK_WORKER"]).await?;
    Ok(inviting(kit, "ada@example.org", "TEAM_LEAD"))
}

pub async fn a_link_service_has_no_provider_workers(scene: &Scene) -> anyhow::Result<Asked> {
    Ok(inviting(kit(scene).await?, "ada@example.org", "PROVIDER_WORKER"))
}

pub async fn the_last_coordinator_stays(scene: &Scene) -> anyhow::Result<Asked> {
    let ines = &scene.region.coordinator;
    let input = json!({ "membershipId": ines.session.membership.to_string(), "version": 1 });
    Ok(Asked::of(scene.client(ines)?, "endMembership", "EndMembershipInput", input))
}

pub async fn nobody_adds_a_role_to_their_own(scene: &Scene) -> anyhow::Result<Asked> {
    let kit = administrator(&scene.served, &scene.region).await?;
    let own = kit.session.membership.to_string();
    let input = json!({ "membershipId": own, "version": 1, "roles": ["ORGANISATION_ADMIN", "TEAM_LEAD"] });
    Ok(Asked::of(scene.client(&kit)?, "changeRoles", "ChangeRolesInput", input))
}

pub async fn nobody_invites_themselves(scene: &Scene) -> anyhow::Result<Asked> {
    inviting_from_outside(scene, &scene.region.coordinator.email, "TEAM_LEAD")
}

pub async fn an_administrator_chooses_the_people(scene: &Scene) -> anyhow::Result<Asked> {
    administrator(&scene.served, &scene.region).await?;
    inviting_from_outside(scene, "ada@example.org", "TEAM_LEAD")
}

/// A link to the walkers, whom nobody has shut out yet.
async fn link(scene: &Scene) -> anyhow::Result<String> {
    let at_walkers = (scene.region.network, Some(scene.region.walkers));
    let una = scene.served.world.member(at_walkers, "Una Hale", Role::OrganisationAdmin).await?;
    invited(&scene.client(&una)?, "ada@example.org", &["PROVIDER_WORKER"]).await?;
    Mailbox::of(&scene.served)?.newest(&scene.served, "ada@example.org", "/invitation/").await
}

fn joining(scene: &Scene, token: &Value, password: &str) -> Asked {
    let input = json!({ "token": token, "name": "Ada Bright", "password": password });
    Asked::of(scene.anonymous(), "acceptInvitation", "AcceptInvitationInput", input)
}

pub async fn nobody_joins_what_is_shut(scene: &Scene) -> anyhow::Result<Asked> {
    let token = json!(link(scene).await?);
    let input = json!({ "organisationId": scene.region.walkers.to_string(), "reason": "OTHER" });
    let ines = scene.client(&scene.region.coordinator)?;
    ines.mutate("suspendOrganisation", "SuspendOrganisationInput", input, "organisation { id }").await?;
    Ok(joining(scene, &token, "seven quiet otters"))
}

pub async fn a_password_that_is_guessed_first(scene: &Scene) -> anyhow::Result<Asked> {
    let token = json!(link(scene).await?);
    Ok(joining(scene, &token, "passwordpassword"))
}

/// Somebody whom nobody but the link workers knows.
pub async fn whoever_is_needed_is_not_closed(scene: &Scene) -> anyhow::Result<Asked> {
    refer(&scene.client(&scene.region.team_lead)?, &scene.region.link_service.to_string()).await?;
    let input = json!({ "organisationId": scene.region.links.to_string() });
    let ines = scene.client(&scene.region.coordinator)?;
    Ok(Asked::of(ines, "closeOrganisation", "CloseOrganisationInput", input))
}

pub async fn a_practice_takes_no_caseload(scene: &Scene) -> anyhow::Result<Asked> {
    let Region { links, practice, .. } = &scene.region;
    let input = json!({ "organisationId": links.to_string(), "successorId": practice.to_string() });
    let ines = scene.client(&scene.region.coordinator)?;
    Ok(Asked::of(ines, "closeOrganisation", "CloseOrganisationInput", input))
}

async fn closed(scene: &Scene, organisation: OrganisationId) -> anyhow::Result<Client> {
    let ines = scene.client(&scene.region.coordinator)?;
    let input = json!({ "organisationId": organisation.to_string() });
    let closed =
        ines.mutate("closeOrganisation", "CloseOrganisationInput", input, "organisation { id }").await?;
    anyhow::ensure!(closed["refusal"].is_null(), "{closed}");
    Ok(ines)
}

pub async fn nothing_is_sent_back_to_nobody(scene: &Scene) -> anyhow::Result<Asked> {
    let sent = refer(&scene.gp()?, &scene.region.link_service.to_string()).await?;
    let noor = scene.client(&scene.region.team_lead)?;
    command(&noor, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let walking = scene.region.walking.to_string();
    let onward = json!({ "referralId": sent["id"], "serviceId": walking, "agreement": agreement() });
    let placed = noor.mutate("referOnward", "ReferOnwardInput", onward, REFERRAL).await?["referral"].clone();
    closed(scene, scene.region.links).await?;
    let back = json!({ "referralId": placed["id"], "version": placed["version"], "reason": "OUT_OF_AREA" });
    let bea = scene.client(&scene.region.volunteer)?;
    Ok(Asked::of(bea, "returnReferral", "ReturnReferralInput", back))
}

pub async fn nobody_takes_over_nothing(scene: &Scene) -> anyhow::Result<Asked> {
    let Region { advice, walkers, .. } = &scene.region;
    let ines = closed(scene, *advice).await?;
    let mailbox = scene.mailbox()?;
    scene.served.world.clock.advance(SignedDuration::from_mins(3));
    mailbox.settle().await?;
    let input = json!({ "organisationId": advice.to_string(), "successorId": walkers.to_string() });
    Ok(Asked::of(ines, "nameSuccessor", "NameSuccessorInput", input))
}

pub async fn nobody_confirms_their_own_access(scene: &Scene) -> anyhow::Result<Asked> {
    let own =
        json!({ "membershipId": scene.region.coordinator.session.membership.to_string(), "version": 1 });
    let by = scene.client(&scene.region.coordinator)?;
    Ok(Asked::of(by, "confirmAccess", "ConfirmAccessInput", json!({ "members": [own] })))
}

fn resetting(by: Client, whom: &Persona) -> Asked {
    let member = json!({ "membershipId": whom.session.membership.to_string() });
    Asked::of(by, "startFactorReset", "StartFactorResetInput", member)
}

pub async fn nobody_loses_what_they_do_not_have(scene: &Scene) -> anyhow::Result<Asked> {
    Ok(resetting(kit(scene).await?, &scene.region.link_worker))
}

pub async fn a_login_of_several_organisations_has_a_day_to_stop_it(scene: &Scene) -> anyhow::Result<Asked> {
    let lead = &scene.region.team_lead;
    crate::factor_reset::has_a_key(&scene.served, lead).await?;
    crate::factor_reset::acts_elsewhere(&scene.served, &scene.region, lead).await?;
    let begun = json!({ "membershipId": lead.session.membership.to_string() });
    let kit = kit(scene).await?;
    kit.mutate("startFactorReset", "StartFactorResetInput", begun, "member { name }").await?;
    let token = scene.mailbox()?.newest(&scene.served, &lead.email, "/reset/").await?;
    let input = json!({ "token": token, "password": "whatever it is" });
    Ok(Asked::of(scene.anonymous(), "finishFactorReset", "FinishFactorResetInput", input))
}
