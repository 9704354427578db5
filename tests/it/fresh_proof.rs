//! What nobody does at a desk that was left open: giving somebody a role, changing what it takes to sign in, opening a record
//! in an emergency. All of it asks who is there when the last proof is older than ten minutes.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::TypedId;
use trellis_domain::policy::Role;
use trellis_tests::served::Served;

use crate::emergency::{jo, known_elsewhere};
use crate::settings::settle;

#[tokio::test]
async fn ten_minutes_after_the_last_proof_it_is_asked_for_again() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    known_elsewhere(&served.client(&region.referrer)?, &region.walking.to_string()).await?;
    let at_links = (region.network, Some(region.links));
    let admin = served.world.member(at_links, "Kit Shaw", Role::OrganisationAdmin).await?;
    let settings =
        json!({ "secondFactorRequired": false, "idleMinutes": 60, "sessionHours": 24, "afterVersion": 0 });
    let provider = json!({
        "shortName": "vale-links", "name": "Vale Links", "issuer": "https://id.example.org", "clientId": "trellis",
        "clientSecret": "seven quiet otters", "scopes": "openid", "strongAcr": "", "strongAmr": "",
    });
    let acts: Vec<(&str, &str, Value)> = vec![
        ("inviteMember", "InviteMemberInput", json!({ "email": "ada@example.org", "roles": ["ANALYST"] })),
        (
            "changeRoles",
            "ChangeRolesInput",
            json!({ "membershipId": region.link_worker.session.membership.to_string(), "version": 1, "roles": ["TEAM_LEAD"] }),
        ),
        ("changeSettings", "ChangeSettingsInput", settings),
        ("withdrawSettings", "WithdrawSettingsInput", json!({ "version": 1 })),
        ("configureIdentityProvider", "ConfigureIdentityProviderInput", provider),
        ("exportAccessReview", "ExportAccessReviewInput", json!({})),
        (
            "startFactorReset",
            "StartFactorResetInput",
            json!({ "membershipId": region.link_worker.session.membership.to_string() }),
        ),
    ];
    let (kit, sam) = (served.client(&admin)?, &region.link_worker);
    let planned = settle(20, 0, json!({ "takesEffectAt": "2026-12-01T00:00:00Z" }));
    kit.mutate("changeSettings", "ChangeSettingsInput", planned, "settings { version }").await?;
    served.world.clock.advance(SignedDuration::from_mins(9));
    let invited = kit.mutate(acts[0].0, acts[0].1, acts[0].2.clone(), "invitation { state }").await?;
    assert_eq!(invited["invitation"]["state"], "OPEN", "nine minutes are soon enough: {invited}");
    served.world.clock.advance(SignedDuration::from_mins(2));
    let kit = served.client(&admin)?;
    for (name, input_type, input) in acts {
        assert_eq!(kit.refused(name, input_type, input).await?, "PROVE_YOURSELF", "{name}");
    }
    let mailbox = json!({
        "organisationId": region.links.to_string(), "name": "North Vale Community Links",
        "helpPhone": "01632 960 003", "email": "elsewhere@example.org",
    });
    let moved = kit.refused("configureOrganisation", "ConfigureOrganisationInput", mailbox).await?;
    assert_eq!(moved, "PROVE_YOURSELF", "requests about people go to that address");
    let group = json!({
        "name": "Eastfield Choir", "kind": "COMMUNITY_PROVIDER", "helpPhone": "01632 960 021",
        "people": [{ "email": "cho@example.org", "roles": ["ORGANISATION_ADMIN"] }],
    });
    let cora = served.client(&region.coordinator)?;
    let added = cora.refused("createOrganisation", "CreateOrganisationInput", group).await?;
    assert_eq!(added, "PROVE_YOURSELF", "it gives somebody a role");
    let officer = served.client(&region.privacy_officer)?;
    let away = json!({ "organisationId": region.practice.to_string(), "reason": "CLOSING" });
    assert_eq!(officer.refused("offerCustody", "OfferCustodyInput", away).await?, "PROVE_YOURSELF");
    let opened = served.client(sam)?.refused("openInEmergency", "OpenInEmergencyInput", jo()).await?;
    assert_eq!(opened, "PROVE_YOURSELF");
    Ok(())
}

#[tokio::test]
async fn nobody_says_of_their_own_emergency_that_it_was_justified() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    known_elsewhere(&served.client(&region.referrer)?, &region.walking.to_string()).await?;
    let opening = crate::emergency::opened(&served.client(&region.link_worker)?).await?;
    // The same login is privacy officer of the practice that keeps the record.
    let mut officer = served
        .world
        .member((region.network, Some(region.practice)), "Sam Ridley Too", Role::PrivacyOfficer)
        .await?;
    let owner = served.world.database.connect_as_owner().await?;
    let (user, membership) = (region.link_worker.session.user, officer.session.membership);
    for (table, column, id) in [
        ("memberships", "membership_id", membership.uuid()),
        ("sessions", "session_id", officer.session.session.uuid()),
    ] {
        let words = format!("UPDATE {table} SET user_id = $1 WHERE {column} = $2");
        owner.execute(&words, &[&user.uuid(), &id]).await?;
    }
    officer.session.user = user;
    let review = json!({ "openingId": opening["id"], "verdict": "JUSTIFIED" });
    let code = served.client(&officer)?.refused("reviewEmergency", "ReviewEmergencyInput", review).await?;
    assert_eq!(code, "DENIED");
    Ok(())
}
