//! From an invitation to a member: once, for five days, by whoever has the mailbox, with the roles that were chosen.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::{Clock, TypedId};
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

pub const PASSWORD: &str = "seven quiet otters";

pub async fn administrator(served: &Served, region: &Region) -> anyhow::Result<Persona> {
    served.world.member((region.network, Some(region.links)), "Kit Shaw", Role::OrganisationAdmin).await
}

pub async fn invited(by: &Client, email: &str, roles: &[&str]) -> anyhow::Result<Value> {
    let input = json!({ "email": email, "roles": roles });
    by.mutate("inviteMember", "InviteMemberInput", input, "invitation { id state email roles }").await
}

pub async fn accept(token: &str, name: Option<&str>, password: &str, at: &Client) -> anyhow::Result<Value> {
    let input = json!({ "token": token, "name": name, "password": password });
    at.mutate("acceptInvitation", "AcceptInvitationInput", input, "done").await
}

struct Scene {
    served: Served,
    mailbox: Mailbox,
    kit_persona: Persona,
    kit: Client,
    door: Client,
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let mailbox = Mailbox::of(&served)?;
        let kit_persona = administrator(&served, &region).await?;
        let kit = served.client(&kit_persona)?;
        let door = Client::new(&served.url, None);
        Ok(Self { served, mailbox, kit_persona, kit, door })
    }

    /// Days later nobody is signed in any more, and signs in again.
    fn days_pass(&mut self, days: i64) -> anyhow::Result<()> {
        self.served.world.clock.advance(SignedDuration::from_hours(24 * days));
        self.kit_persona.session.proved_at = self.served.world.clock.now();
        self.kit = self.served.client(&self.kit_persona)?;
        Ok(())
    }

    async fn token(&self, email: &str) -> anyhow::Result<String> {
        self.mailbox.newest(&self.served, email, "/invitation/").await
    }

    async fn opened(&self, token: &str) -> anyhow::Result<Value> {
        let query = "query($t: String!) { invitation(token: $t) { state place email roles hasLogin } }";
        Ok(self.door.data(query, json!({ "t": token })).await?["invitation"].clone())
    }

    async fn members(&self) -> anyhow::Result<Value> {
        let query =
            "{ staff(first: 50) { edges { node { id name email roles version lastSeenAt isYou } } } }";
        Ok(self.kit.data(query, json!({})).await?["staff"]["edges"].clone())
    }

    async fn open_invitations(&self) -> anyhow::Result<Value> {
        let query = "{ invitations(first: 50) { edges { node { id email state undeliverable askedAgainAt organisationName } } } }";
        Ok(self.kit.data(query, json!({})).await?["invitations"]["edges"].clone())
    }
}

#[tokio::test]
async fn from_the_mailbox_to_the_first_question() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let sent = invited(&scene.kit, "Ada@Example.org", &["LINK_WORKER"]).await?;
    assert_eq!(sent["invitation"]["state"], "OPEN", "{sent}");
    let token = scene.token("ada@example.org").await?;
    let seen = scene.opened(&token).await?;
    assert_eq!((&seen["state"], &seen["hasLogin"]), (&json!("OPEN"), &json!(false)), "{seen}");
    assert_eq!(seen["place"], "North Vale Community Links");

    let weak = accept(&token, Some("Ada Bright"), "short", &scene.door).await?;
    assert_eq!(weak["refusal"]["code"], "PASSWORD_TOO_WEAK", "{weak}");
    let nameless = accept(&token, None, PASSWORD, &scene.door).await?;
    assert_eq!(nameless["refusal"]["field"], "name", "{nameless}");
    let joined = accept(&token, Some("Ada Bright"), PASSWORD, &scene.door).await?;
    assert_eq!(joined["done"], true, "{joined}");

    let input = json!({ "email": "ada@example.org", "password": PASSWORD });
    let fields = "tokens { accessToken } viewer { name roles organisation { name } }";
    let in_now = scene.door.mutate("signIn", "SignInInput", input, fields).await?;
    assert_eq!(in_now["viewer"]["name"], "Ada Bright", "{in_now}");
    assert_eq!(in_now["viewer"]["roles"], json!(["LINK_WORKER"]));
    let bearer = in_now["tokens"]["accessToken"].as_str().map(str::to_owned);
    let ada = Client::new(&scene.served.url, bearer);
    ada.data("{ worklist(first: 1) { counts { tasks } } }", json!({})).await?;
    assert_eq!(scene.open_invitations().await?, json!([]), "it is taken up");
    Ok(())
}

#[tokio::test]
async fn doing_it_again_changes_nothing_and_two_at_once_make_one_member() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    invited(&scene.kit, "ada@example.org", &["LINK_WORKER"]).await?;
    let token = scene.token("ada@example.org").await?;
    let (one, two) = tokio::join!(
        accept(&token, Some("Ada Bright"), PASSWORD, &scene.door),
        accept(&token, Some("Ada Bright"), PASSWORD, &scene.door)
    );
    assert_eq!((one?["done"].clone(), two?["done"].clone()), (json!(true), json!(true)));
    let again = accept(&token, None, PASSWORD, &scene.door).await?;
    assert_eq!(again["done"], true, "{again}");
    let all = scene.members().await?.to_string();
    assert_eq!(all.matches("ada@example.org").count(), 1, "{all}");
    // whoever finds the mail later has no way in with it
    let other = accept(&token, None, "another long phrase", &scene.door).await?;
    assert_eq!(other["refusal"]["code"], "SIGN_IN_FAILED", "{other}");
    Ok(())
}

#[tokio::test]
async fn after_a_crash_between_login_and_membership_the_same_link_goes_on() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    invited(&scene.kit, "ada@example.org", &["LINK_WORKER"]).await?;
    let token = scene.token("ada@example.org").await?;
    let platform = &scene.served.app.parts.platform;
    let facts = platform.invitation(&token).await?;
    let login = (Some("Ada Bright"), PASSWORD);
    let now = scene.served.app.parts.clock.now();
    platform.login_for(&facts, login, "127.0.0.1", now).await?;
    // the process is gone; the page now asks for the password that was chosen
    assert_eq!(scene.opened(&token).await?["hasLogin"], true);
    let joined = accept(&token, None, PASSWORD, &scene.door).await?;
    assert_eq!(joined["done"], true, "{joined}");
    Ok(())
}

#[tokio::test]
async fn a_link_that_has_run_out_opens_nothing_and_asks_once() -> anyhow::Result<()> {
    let mut scene = Scene::new().await?;
    invited(&scene.kit, "ada@example.org", &["LINK_WORKER"]).await?;
    let token = scene.token("ada@example.org").await?;
    scene.days_pass(5)?;
    assert_eq!(scene.opened(&token).await?["state"], "EXPIRED");
    let late = accept(&token, Some("Ada Bright"), PASSWORD, &scene.door).await?;
    assert_eq!(late["refusal"]["code"], "LINK_EXPIRED", "{late}");
    let ask = "mutation($t: String!) { askForInvitation(token: $t) { done refusal { code } } }";
    for _ in 0..2 {
        let asked = scene.door.data(ask, json!({ "t": token })).await?;
        assert_eq!(asked["askForInvitation"]["done"], true, "{asked}");
    }
    let mails = scene.mailbox.mails(&scene.served).await?;
    let wanted = mails.iter().filter(|mail| mail.text.contains("came too late")).count();
    assert_eq!(wanted, 1, "whoever invited is told once");
    let open = scene.open_invitations().await?;
    assert!(open[0]["node"]["askedAgainAt"].is_string(), "{open}");

    let input = json!({ "invitationId": open[0]["node"]["id"] });
    let sent = scene.kit.mutate("resendInvitation", "InvitationInput", input, "invitation { state }").await?;
    assert_eq!(sent["invitation"]["state"], "OPEN", "{sent}");
    let newer = scene.token("ada@example.org").await?;
    assert_ne!(newer, token);
    assert_eq!(scene.opened(&token).await?["state"], "REPLACED");
    let old = accept(&token, Some("Ada Bright"), PASSWORD, &scene.door).await?;
    assert_eq!(old["refusal"]["code"], "NOT_FOUND", "the old link is dead: {old}");
    let joined = accept(&newer, Some("Ada Bright"), PASSWORD, &scene.door).await?;
    assert_eq!(joined["done"], true, "{joined}");
    Ok(())
}

#[tokio::test]
async fn what_was_taken_back_opens_nothing_and_a_letter_that_went_nowhere_is_seen() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    invited(&scene.kit, "ada@example.org", &["LINK_WORKER"]).await?;
    let token = scene.token("ada@example.org").await?;
    let open = scene.open_invitations().await?;
    let input = json!({ "invitationId": open[0]["node"]["id"] });
    for _ in 0..2 {
        let back = scene
            .kit
            .mutate("withdrawInvitation", "InvitationInput", input.clone(), "invitation { state }")
            .await?;
        assert_eq!(back["invitation"]["state"], "WITHDRAWN", "{back}");
    }
    assert_eq!(scene.opened(&token).await?["state"], "WITHDRAWN");
    let late = accept(&token, Some("Ada Bright"), PASSWORD, &scene.door).await?;
    assert_eq!(late["refusal"]["code"], "LINK_EXPIRED", "{late}");

    invited(&scene.kit, "ada@example.org", &["REFERRER"]).await?;
    let owner = scene.served.world.database.connect_as_owner().await?;
    owner.execute("UPDATE outbox SET status = 'dead' WHERE subject_id IS NOT NULL", &[]).await?;
    assert_eq!(scene.open_invitations().await?[0]["node"]["undeliverable"], true);
    Ok(())
}

#[tokio::test]
async fn an_existing_login_is_proved_and_holds_the_roles_of_both() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    invited(&scene.kit, "ada@example.org", &["LINK_WORKER"]).await?;
    let token = scene.token("ada@example.org").await?;
    accept(&token, Some("Ada Bright"), PASSWORD, &scene.door).await?;
    let twice = invited(&scene.kit, "ada@example.org", &["TEAM_LEAD"]).await?;
    assert_eq!(twice["refusal"]["code"], "ALREADY_MEMBER", "{twice}");
    // the same login joins another organisation with its own password, and no other
    let region = scene.served.world.region("south-moor").await?;
    let moor = scene.served.client(&administrator(&scene.served, &region).await?)?;
    invited(&moor, "ada@example.org", &["REFERRER"]).await?;
    let token = scene.token("ada@example.org").await?;
    assert_eq!(scene.opened(&token).await?["hasLogin"], true);
    let wrong = accept(&token, None, "not that password", &scene.door).await?;
    assert_eq!(wrong["refusal"]["code"], "SIGN_IN_FAILED", "{wrong}");
    assert_eq!(accept(&token, None, PASSWORD, &scene.door).await?["done"], true);
    let input = json!({ "email": "ada@example.org", "password": PASSWORD });
    let fields = "viewer { memberships { organisationName networkName } }";
    let seen = scene.door.mutate("signIn", "SignInInput", input, fields).await?;
    assert_eq!(seen["viewer"]["memberships"].as_array().map(Vec::len), Some(2), "{seen}");
    Ok(())
}

#[tokio::test]
async fn nobody_invites_above_their_reach() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let code = |payload: Value| payload["refusal"]["code"].clone();
    let coordinator_role = invited(&scene.kit, "ada@example.org", &["NETWORK_COORDINATOR"]).await?;
    assert_eq!(code(coordinator_role), "ROLE_NOT_HERE");
    assert_eq!(code(invited(&scene.kit, "ada@example.org", &["PROVIDER_WORKER"]).await?), "ROLE_NOT_HERE");

    let world = &scene.served.world;
    let region = world.region("south-moor").await?;
    let ines = scene.served.client(&region.coordinator)?;
    let into = |organisation: String, email: &str, role: &str| json!({ "organisationId": organisation, "email": email, "roles": [role] });
    let links = region.links.to_string();
    // the first people of an organisation without an administrator, whoever they are
    let first = into(links.clone(), "first@example.org", "LINK_WORKER");
    let sent = ines.mutate("inviteMember", "InviteMemberInput", first, "invitation { state }").await?;
    assert_eq!(sent["invitation"]["state"], "OPEN", "{sent}");
    let own = into(links.clone(), &region.coordinator.email, "LINK_WORKER");
    assert_eq!(ines.refused("inviteMember", "InviteMemberInput", own).await?, "NOT_YOURSELF");
    // once somebody answers for it, only another who does
    administrator(&scene.served, &region).await?;
    let worker = into(links.clone(), "second@example.org", "LINK_WORKER");
    assert_eq!(ines.refused("inviteMember", "InviteMemberInput", worker).await?, "ONLY_ADMINISTRATORS");
    let another = into(links, "third@example.org", "ORGANISATION_ADMIN");
    let sent = ines.mutate("inviteMember", "InviteMemberInput", another, "invitation { state }").await?;
    assert_eq!(sent["invitation"]["state"], "OPEN", "{sent}");
    // an organisation of another network is nothing
    let theirs = into(region.practice.to_string(), "x@example.org", "REFERRER");
    assert_eq!(scene.kit.refused("inviteMember", "InviteMemberInput", theirs).await?, "DENIED");
    Ok(())
}

#[tokio::test]
async fn an_invitation_is_as_good_as_the_right_of_whoever_gave_it() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let sent = invited(&scene.kit, "ada@example.org", &["ORGANISATION_ADMIN"]).await?;
    assert_eq!(sent["invitation"]["state"], "OPEN", "{sent}");
    let token = scene.mailbox.newest(&scene.served, "ada@example.org", "/invitation/").await?;
    let owner = scene.served.world.database.connect_as_owner().await?;
    let gone = "UPDATE memberships SET ended_at = now(), version = version + 1 WHERE membership_id = $1";
    owner.execute(gone, &[&scene.kit_persona.session.membership.uuid()]).await?;
    let late = accept(&token, Some("Ada Bright"), "seven quiet otters", &scene.door).await?;
    assert_eq!(
        late["refusal"]["code"], "LINK_EXPIRED",
        "whoever was shown the door leaves none open: {late}"
    );
    Ok(())
}
