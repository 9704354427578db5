//! A member has lost every factor. Their administrator begins a reset, and the owner of the login goes on with the password and
//! the mail together; neither of them is enough alone, and whoever still has a factor stops it.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::TypedId;
use trellis_domain::policy::Role;
use trellis_tests::browser::Browser;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::invitations::administrator;
use crate::second_factor::{PASSWORD, Scene, begun, confirmed, opens};

const NEW: &str = "nine loud herons on ice";

/// Somebody has a passkey, as far as anybody asks for one.
pub async fn has_a_key(served: &Served, who: &Persona) -> anyhow::Result<()> {
    let passkey: trellis_domain::kernel::PasskeyId = served.world.id();
    let platform = served.world.database.connect_as("trellis_platform").await?;
    platform
        .execute(
            "INSERT INTO passkeys (passkey_id, user_id, credential_id, credential, name, created_at) VALUES ($1, $2, $3, '{}', 'Key', now())",
            &[&passkey.uuid(), &who.session.user.uuid(), &passkey.uuid().as_bytes().as_slice()],
        )
        .await?;
    Ok(())
}

/// The same login works for the walkers too.
pub async fn acts_elsewhere(served: &Served, region: &Region, who: &Persona) -> anyhow::Result<()> {
    let at_walkers = (region.network, Some(region.walkers));
    let other = served.world.member(at_walkers, "Noor Too", Role::ProviderWorker).await?;
    let owner = served.world.database.connect_as_owner().await?;
    owner
        .execute(
            "UPDATE memberships SET user_id = $1 WHERE membership_id = $2",
            &[&who.session.user.uuid(), &other.session.membership.uuid()],
        )
        .await?;
    Ok(())
}

struct Lost {
    scene: Scene,
    mailbox: Mailbox,
    kit_persona: Persona,
    kit: Client,
}

impl Lost {
    async fn new() -> anyhow::Result<Self> {
        let scene = Scene::new().await?;
        let mailbox = Mailbox::of(&scene.served)?;
        let kit_persona = administrator(&scene.served, &scene.region).await?;
        let kit = scene.served.client(&kit_persona)?;
        Ok(Self { scene, mailbox, kit_persona, kit })
    }

    async fn begins(&self) -> anyhow::Result<String> {
        let member = json!({ "membershipId": self.scene.lead.session.membership.to_string() });
        let begun =
            self.kit.mutate("startFactorReset", "StartFactorResetInput", member, "member { name }").await?;
        anyhow::ensure!(begun["refusal"].is_null(), "{begun}");
        self.mailbox.newest(&self.scene.served, &self.scene.lead.email, "/reset/").await
    }

    async fn goes_on(&self, token: &str, password: &str) -> anyhow::Result<Value> {
        let query = "mutation($input: FinishFactorResetInput!) { finishFactorReset(input: $input) { ticket { ticket mustSetUp } refusal { code } } }";
        let input = json!({ "input": { "token": token, "password": password } });
        Ok(self.scene.door().data(query, input).await?["finishFactorReset"].clone())
    }

    async fn looks(&self, token: &str) -> anyhow::Result<Value> {
        let query = "query($t: String!) { factorReset(token: $t) { open } }";
        Ok(self.scene.door().data(query, json!({ "t": token })).await?["factorReset"].clone())
    }

    /// A new password, by the mailbox alone.
    async fn recovers(&self) -> anyhow::Result<()> {
        let ask = "mutation($e: String!) { mailRecoveryLink(email: $e) { done } }";
        self.scene.door().data(ask, json!({ "e": self.scene.lead.email })).await?;
        let token = self.mailbox.newest(&self.scene.served, &self.scene.lead.email, "/recover/").await?;
        let set = "mutation($input: RecoverPasswordInput!) { recoverPassword(input: $input) { done refusal { code } } }";
        let done = self.scene.door().data(set, json!({ "input": { "token": token, "new": NEW } })).await?;
        anyhow::ensure!(done["recoverPassword"]["done"] == true, "{done}");
        Ok(())
    }

    async fn signs_in(&self, password: &str) -> anyhow::Result<Value> {
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { tokens { accessToken } ticket { ticket mustSetUp } refusal { code message } } }";
        let input = json!({ "input": { "email": self.scene.lead.email, "password": password } });
        Ok(self.scene.door().data(query, input).await?["signIn"].clone())
    }
}

#[tokio::test]
async fn the_mail_and_the_password_together_set_up_a_new_factor_and_end_what_was_open() -> anyhow::Result<()>
{
    let lost = Lost::new().await?;
    let before = lost.scene.with(&lost.scene.signs_in(&lost.scene.lead).await?)?;
    let (old, _) = lost.scene.sets_up(&before).await?;
    let token = lost.begins().await?;
    assert!(opens(&before).await?, "beginning takes nothing away");
    assert_eq!(lost.looks(&token).await?["open"], true);
    let reset = lost.goes_on(&token, PASSWORD).await?;
    assert_eq!(reset["ticket"]["mustSetUp"], true, "{reset}");
    assert!(!opens(&before).await?, "a session from before goes on");
    assert_eq!(
        lost.goes_on(&token, PASSWORD).await?["refusal"]["code"],
        "LINK_EXPIRED",
        "a link is good once"
    );

    let ticket = reset["ticket"]["ticket"].clone();
    let finished = lost.scene.finishes(&ticket, json!({ "code": lost.scene.code(&old) })).await?;
    assert_eq!(finished["refusal"]["code"], "CODE_WRONG", "the old app still opens: {finished}");
    let app = begun(&lost.scene.door(), Some(&ticket)).await?;
    confirmed(&lost.scene.door(), Some(&ticket), &lost.scene.code(&app)).await?;
    let finished = lost.scene.finishes(&ticket, json!({})).await?;
    assert!(opens(&lost.scene.with(&finished)?).await?, "{finished}");
    let again = lost.signs_in(PASSWORD).await?;
    assert_eq!(again["refusal"]["code"], "SECOND_FACTOR_NEEDED", "{again}");
    let mails = lost.mailbox.mails(&lost.scene.served).await?;
    assert!(mails.iter().filter(|mail| mail.subject.contains("was changed")).count() >= 2, "nobody was told");
    let owner = lost.scene.served.world.database.connect_as_owner().await?;
    let audited =
        "SELECT count(*) FROM audit_entries WHERE action = 'member.start_factor_reset' AND result = 'done'";
    assert_eq!(owner.query_one(audited, &[]).await?.get::<_, i64>(0), 1);
    Ok(())
}

#[tokio::test]
async fn whoever_reads_the_mailbox_alone_gets_nowhere() -> anyhow::Result<()> {
    let lost = Lost::new().await?;
    lost.scene.has_an_app().await?;
    let token = lost.begins().await?;
    assert_eq!(lost.goes_on(&token, "a guess of theirs").await?["refusal"]["code"], "PASSWORD_WRONG");
    assert_eq!(lost.looks(&token).await?["open"], true, "a wrong password spends the link");
    // a new password ends the link, and a link that is begun after it waits for a day
    lost.recovers().await?;
    assert_eq!(lost.goes_on(&token, NEW).await?["refusal"]["code"], "LINK_EXPIRED");
    let token = lost.begins().await?;
    assert_eq!(lost.goes_on(&token, NEW).await?["refusal"]["code"], "LINK_NOT_YET");
    // and then, too, a password that no factor ever stood beside is what a mailbox has made
    lost.scene.wait(SignedDuration::from_hours(25));
    assert_eq!(lost.goes_on(&token, NEW).await?["refusal"]["code"], "SECOND_FACTOR_NEEDED");
    Ok(())
}

#[tokio::test]
async fn a_reset_that_nobody_finished_is_no_door_with_one_lock() -> anyhow::Result<()> {
    let lost = Lost::new().await?;
    lost.scene.has_an_app().await?;
    lost.goes_on(&lost.begins().await?, PASSWORD).await?;
    // with the password that carried it, a new factor is set up and nothing else opens
    let again = lost.signs_in(PASSWORD).await?;
    assert_eq!(again["ticket"]["mustSetUp"], true, "{again}");
    // the mailbox alone sets none up
    let ask = "mutation($e: String!) { mailSignInLink(email: $e) { done } }";
    lost.scene.door().data(ask, json!({ "e": lost.scene.lead.email })).await?;
    let link = lost.mailbox.newest(&lost.scene.served, &lost.scene.lead.email, "/sign-in/link/").await?;
    let enter = "mutation($t: String!) { signInWithLink(token: $t) { ticket { ticket } refusal { code } } }";
    let entered = lost.scene.door().data(enter, json!({ "t": link })).await?["signInWithLink"].clone();
    assert_eq!((&entered["ticket"], &entered["refusal"]["code"]), (&Value::Null, &json!("SIGN_IN_FAILED")));
    lost.recovers().await?;
    let entered = lost.signs_in(NEW).await?;
    assert_eq!((&entered["ticket"], &entered["refusal"]["code"]), (&Value::Null, &json!("SIGN_IN_FAILED")));
    // their administrator begins again, and the password counts a day later
    let token = lost.begins().await?;
    lost.scene.wait(SignedDuration::from_hours(25));
    assert_eq!(lost.goes_on(&token, NEW).await?["ticket"]["mustSetUp"], true);
    lost.scene.wait(SignedDuration::from_mins(61));
    let late = lost.signs_in(NEW).await?;
    assert_eq!(
        (&late["ticket"], &late["refusal"]["code"]),
        (&Value::Null, &json!("SIGN_IN_FAILED")),
        "{late}"
    );
    Ok(())
}

#[tokio::test]
async fn a_login_that_acts_for_others_too_has_a_day_in_which_its_owner_stops_it() -> anyhow::Result<()> {
    let lost = Lost::new().await?;
    let (app, _) = lost.scene.has_an_app().await?;
    acts_elsewhere(&lost.scene.served, &lost.scene.region, &lost.scene.lead).await?;
    let token = lost.begins().await?;
    assert_eq!(lost.looks(&token).await?["open"], false);
    assert_eq!(lost.goes_on(&token, PASSWORD).await?["refusal"]["code"], "LINK_NOT_YET");
    // whoever signs in with the factor has not lost it
    let ticket = lost.signs_in(PASSWORD).await?["ticket"]["ticket"].clone();
    let finished = lost.scene.finishes(&ticket, json!({ "code": lost.scene.code(&app) })).await?;
    assert!(finished["refusal"].is_null(), "{finished}");
    assert_eq!(lost.looks(&token).await?, Value::Null, "it goes on beside the factor");
    // the holder of the link stops it too
    let token = lost.begins().await?;
    let stop = "mutation($t: String!) { stopFactorReset(token: $t) { done refusal { code } } }";
    let stopped = lost.scene.door().data(stop, json!({ "t": token })).await?["stopFactorReset"].clone();
    assert_eq!(stopped["done"], true, "{stopped}");
    assert_eq!(lost.goes_on(&token, PASSWORD).await?["refusal"]["code"], "LINK_EXPIRED");
    // and after a day nobody has stopped, it opens for a day
    let token = lost.begins().await?;
    lost.scene.wait(SignedDuration::from_hours(24));
    assert_eq!(lost.looks(&token).await?["open"], true);
    lost.scene.wait(SignedDuration::from_hours(24));
    assert_eq!(lost.looks(&token).await?, Value::Null);
    Ok(())
}

#[tokio::test]
async fn the_newest_link_alone_works_and_only_for_an_hour() -> anyhow::Result<()> {
    let lost = Lost::new().await?;
    lost.scene.has_an_app().await?;
    let (first, second) = (lost.begins().await?, lost.begins().await?);
    assert_ne!(first, second);
    assert_eq!(lost.goes_on(&first, PASSWORD).await?["refusal"]["code"], "LINK_EXPIRED");
    lost.scene.wait(SignedDuration::from_hours(1));
    assert_eq!(lost.goes_on(&second, PASSWORD).await?["refusal"]["code"], "LINK_EXPIRED");
    Ok(())
}

#[tokio::test]
async fn only_whoever_answers_for_a_member_begins_and_nobody_for_themselves() -> anyhow::Result<()> {
    let lost = Lost::new().await?;
    let (served, region) = (&lost.scene.served, &lost.scene.region);
    has_a_key(served, &region.link_worker).await?;
    let of = |who: &Persona| json!({ "membershipId": who.session.membership.to_string() });
    let refused = |who: Client, input: Value| async move {
        who.refused("startFactorReset", "StartFactorResetInput", input).await
    };
    let at_walkers = (region.network, Some(region.walkers));
    let una = served.world.member(at_walkers, "Una Hale", Role::OrganisationAdmin).await?;
    assert_eq!(refused(served.client(&una)?, of(&region.link_worker)).await?, "NOT_FOUND");
    // whoever coordinates the network reaches those who answer for an organisation, and nobody else in it
    let ines = served.client(&region.coordinator)?;
    assert_eq!(refused(ines.clone(), of(&region.link_worker)).await?, "DENIED");
    has_a_key(served, &una).await?;
    let begun = ines.mutate("startFactorReset", "StartFactorResetInput", of(&una), "member { name }").await?;
    assert!(begun["refusal"].is_null(), "{begun}");
    assert_eq!(refused(served.client(&una)?, of(&una)).await?, "NOT_YOURSELF");
    Ok(())
}

#[tokio::test]
async fn the_pages_lead_from_the_administrator_to_a_new_factor() -> anyhow::Result<()> {
    let lost = Lost::new().await?;
    lost.scene.has_an_app().await?;
    let kit = &lost.kit_persona;
    lost.scene.with_password(kit).await?;
    let office = Browser::at(&lost.scene.served.url)?;
    let entered = office.post("/sign-in", &[("email", &kit.email), ("password", PASSWORD)]).await?;
    anyhow::ensure!(entered.status == 303, "{}", entered.text);
    let member = format!("/admin/people/{}", lost.scene.lead.session.membership);
    office.get(&member).await?.says(200, "Begin a reset for Noor")?;
    let begun = office.post(&format!("{member}/reset"), &[("submission", "0123456789")]).await?;
    office.get(begun.next()?).await?.says(200, "They get an e-mail")?;

    let link = lost.mailbox.newest(&lost.scene.served, &lost.scene.lead.email, "/reset/").await?;
    let (home, page) = (Browser::at(&lost.scene.served.url)?, format!("/reset/{link}"));
    for _ in 0..2 {
        home.get(&page).await?.says(200, "Set up a new second step")?;
    }
    home.post(&page, &[("password", "a guess of theirs")]).await?.says(422, "Enter the password")?;
    let on = home.post(&page, &[("password", PASSWORD)]).await?;
    anyhow::ensure!(on.next()?.ends_with("/sign-in/set-up"), "{:?}", on.goes_to);
    home.get(on.next()?).await?.says(200, "6-digit code")?;
    home.get(&page).await?.says(200, "has run out, or was used already")?;
    home.post(&format!("{page}/stop"), &[]).await?;
    home.get("/reset/tr_reset_AAAA").await?.says(200, "has run out, or was used already")?;
    Ok(())
}

#[tokio::test]
async fn the_mailbox_of_one_member_is_not_filled_by_whoever_administers() -> anyhow::Result<()> {
    let lost = Lost::new().await?;
    lost.scene.has_an_app().await?;
    for _ in 0..3 {
        lost.begins().await?;
        lost.scene.wait(SignedDuration::from_mins(1));
    }
    let region = &lost.scene.region;
    let of = |who: &Persona| json!({ "membershipId": who.session.membership.to_string() });
    let at_links = (region.network, Some(region.links));
    let other = lost.scene.served.world.member(at_links, "Ada Bright", Role::OrganisationAdmin).await?;
    let other = lost.scene.served.client(&other)?;
    for who in [&lost.kit, &other] {
        let refused = who.refused("startFactorReset", "StartFactorResetInput", of(&lost.scene.lead)).await?;
        assert_eq!(refused, "TOO_MANY_TRIES");
    }
    has_a_key(&lost.scene.served, &region.link_worker).await?;
    let begun = "startFactorReset";
    let done =
        other.mutate(begun, "StartFactorResetInput", of(&region.link_worker), "member { name }").await?;
    assert!(done["refusal"].is_null(), "somebody else is helped meanwhile: {done}");
    Ok(())
}
