//! Signing in through an organisation's own provider: a real one, as a process of its own.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::identity::{Membership, add_member};
use trellis_domain::kernel::{Clock, EmailAddress, OpContext, OrganisationId, TypedId};
use trellis_domain::policy::{Role, Roles};
use trellis_infra::auth::Passwords;
use trellis_infra::system::SystemClock;
use trellis_tests::browser::{Browser, Shown};
use trellis_tests::gql::Client;
use trellis_tests::provider::{CLIENT_ID, CLIENT_SECRET, OpenIdProvider};
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

pub const PASSWORD: &str = "seven quiet otters";
const DOOR: &str = "/sign-in/with/vale-links";

/// The link workers' organisation and its provider. Sam works there, and helps at the walking group too.
pub struct Scene {
    pub served: Served,
    pub region: Region,
    admin: Client,
    pub provider: OpenIdProvider,
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        // The provider has the machine's clock.
        let behind = SystemClock.now().duration_since(served.world.clock.now());
        served.world.clock.advance(behind);
        let hash = Passwords::new(1, 1)?.hash(PASSWORD).await?;
        let owner = served.world.database.connect_as_owner().await?;
        let email = &region.link_worker.email;
        owner.execute("UPDATE users SET password_hash = $1 WHERE email = $2", &[&hash, email]).await?;
        let at_links = (region.network, Some(region.links));
        let admin = served.world.member(at_links, "Ada Nwosu", Role::OrganisationAdmin).await?;
        let admin = served.client(&admin)?;
        let provider = OpenIdProvider::start(&format!("{}{DOOR}/callback", served.url)).await?;
        let scene = Self { served, region, admin, provider };
        scene.join(&scene.region.link_worker, scene.region.walkers).await?;
        Ok(scene)
    }

    pub async fn with_provider() -> anyhow::Result<Self> {
        let scene = Self::new().await?;
        scene.configure(json!({})).await?;
        scene.switch(true).await?;
        Ok(scene)
    }

    async fn join(&self, who: &Persona, organisation: OrganisationId) -> anyhow::Result<()> {
        let world = &self.served.world;
        let member = Membership {
            id: world.id(),
            user: who.session.user,
            network: self.region.network,
            organisation: Some(organisation),
            roles: Roles::from_iter([Role::ProviderWorker]),
            name: "Sam Ridley".to_owned(),
            email: EmailAddress::parse(&who.email)?,
        };
        let op = OpContext::for_job("set-up", self.region.network, None, &*world.clock, world.ids.clone());
        world.store.write(&op, move |tx, op| add_member(tx, op, member)).await?;
        Ok(())
    }

    fn described(&self, more: Value) -> Value {
        let mut input = json!({
            "shortName": "vale-links", "name": "Vale staff account", "issuer": self.provider.issuer,
            "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "scopes": "email", "strongAcr": self.provider.strong,
        });
        if let (Some(input), Some(more)) = (input.as_object_mut(), more.as_object()) {
            input.extend(more.clone());
        }
        input
    }

    async fn configure(&self, more: Value) -> anyhow::Result<Value> {
        let input = self.described(more);
        let fields = "provider { id version enabled backAddress }";
        let payload = self
            .admin
            .mutate("configureIdentityProvider", "ConfigureIdentityProviderInput", input, fields)
            .await?;
        anyhow::ensure!(payload["refusal"].is_null(), "{payload}");
        Ok(payload["provider"].clone())
    }

    async fn switch(&self, enabled: bool) -> anyhow::Result<()> {
        let known = self.admin.data("{ identityProvider { id version } }", json!({})).await?;
        let known = &known["identityProvider"];
        let input = json!({ "providerId": known["id"], "version": known["version"], "enabled": enabled });
        let payload = self
            .admin
            .mutate("enableIdentityProvider", "EnableIdentityProviderInput", input, "provider { enabled }")
            .await?;
        anyhow::ensure!(payload["provider"]["enabled"] == enabled, "{payload}");
        Ok(())
    }

    pub fn browser(&self) -> anyhow::Result<Browser> {
        Browser::at(&self.served.url)
    }

    /// To the provider and through its own sign-in, up to the address that leads back to us.
    async fn through(&self, browser: &Browser, name: &str) -> anyhow::Result<String> {
        let mut at = browser.get(DOOR).await?.next()?.to_owned();
        for _ in 0..8 {
            if at.starts_with(&self.served.url) {
                return Ok(at);
            }
            let shown = if at.contains("/interaction/") {
                browser
                    .post(&at, &[("name", name), ("way", if name.is_empty() { "out" } else { "in" })])
                    .await?
            } else {
                browser.get(&at).await?
            };
            shown.next()?.clone_into(&mut at);
        }
        anyhow::bail!("the provider never sends back: {at}")
    }

    pub async fn returns(&self, browser: &Browser, name: &str) -> anyhow::Result<Shown> {
        let back = self.through(browser, name).await?;
        browser.get(&back).await
    }

    pub async fn sign_in(&self, browser: &Browser, then: &str) -> anyhow::Result<Shown> {
        let email = self.region.link_worker.email.as_str();
        browser.post("/sign-in", &[("email", email), ("password", PASSWORD), ("then", then)]).await
    }

    /// Sam signs in at the provider, signs in here with the password, and says that both are the same.
    pub async fn connect(&self, name: &str) -> anyhow::Result<Browser> {
        let browser = self.browser()?;
        let page = self.returns(&browser, name).await?.next()?.to_owned();
        browser.get(&page).await?.says(200, "Sign in to connect")?;
        self.sign_in(&browser, &format!("{DOOR}/connect")).await?;
        browser.get(&page).await?.says(200, "Connect them")?;
        let done = browser.post(&page, &[]).await?;
        browser.get(done.next()?).await?.says(200, "Vale staff account")?;
        Ok(browser)
    }

    /// The link worker's newest open session that such a provider opened.
    pub async fn session_of(&self, provider: Option<uuid::Uuid>) -> anyhow::Result<String> {
        let owner = self.served.world.database.connect_as_owner().await?;
        let words =
            "SELECT session_id FROM sessions WHERE user_id = $1 AND provider_id IS NOT DISTINCT FROM $2
             AND ended_at IS NULL AND kind = 'browser' ORDER BY created_at DESC, session_id DESC LIMIT 1";
        let user = self.region.link_worker.session.user.uuid();
        let id: uuid::Uuid = owner.query_one(words, &[&user, &provider]).await?.get(0);
        Ok(trellis_domain::kernel::SessionId::from_uuid(id).to_string())
    }

    /// Mails to the link worker's own login about a credential.
    pub async fn told(&self) -> anyhow::Result<i64> {
        let owner = self.served.world.database.connect_as_owner().await?;
        let words = "SELECT count(*) FROM outbox WHERE user_id = $1 AND template = 'credential_changed'";
        let user = self.region.link_worker.session.user.uuid();
        Ok(owner.query_one(words, &[&user]).await?.get(0))
    }

    pub async fn identities(&self) -> anyhow::Result<i64> {
        let owner = self.served.world.database.connect_as_owner().await?;
        Ok(owner.query_one("SELECT count(*) FROM federated_identities", &[]).await?.get(0))
    }
}

#[tokio::test]
async fn somebody_connects_once_and_signs_in_with_their_organisation_from_then_on() -> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    scene.connect("sam").await?;
    let another = scene.browser()?;
    let entered = scene.returns(&another, "sam").await?;
    assert_eq!((entered.status, entered.next()?), (303, format!("{}/", scene.served.url).as_str()));
    another.get("/today").await?.says(200, "North Vale Community Links")?;
    Ok(())
}

#[tokio::test]
async fn what_goes_to_the_provider_is_a_code_with_pkce_a_state_and_a_nonce() -> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    let away = scene.browser()?.get(DOOR).await?.next()?.to_owned();
    for part in [
        "response_type=code",
        "code_challenge_method=S256",
        "code_challenge=",
        "state=tr_state_",
        "nonce=",
        "scope=openid+email",
    ] {
        assert!(away.contains(part), "{part}: {away}");
    }
    assert!(!away.contains(CLIENT_SECRET));
    Ok(())
}

#[tokio::test]
async fn an_answer_counts_once_in_time_and_in_the_browser_that_asked() -> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    scene.connect("sam").await?;
    let (own, other) = (scene.browser()?, scene.browser()?);
    let back = scene.through(&own, "sam").await?;
    other.get(&back).await?.says(400, "began in another window")?;
    assert_eq!(own.get(&back).await?.status, 303);
    own.get(&back).await?.says(400, "was used already")?;

    let late = scene.browser()?;
    let back = scene.through(&late, "sam").await?;
    scene.served.world.clock.advance(SignedDuration::from_mins(10));
    late.get(&back).await?.says(400, "took too long")?;
    let made_up =
        format!("{DOOR}/callback?code=x&state=tr_state_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    late.get(&made_up).await?.says(400, "Start again")?;
    Ok(())
}

#[tokio::test]
async fn a_provider_speaks_for_its_own_organisation_alone() -> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    let with_password = scene.connect("sam").await?;
    let by_provider = scene.browser()?;
    scene.returns(&by_provider, "sam").await?;
    let owner = scene.served.world.database.connect_as_owner().await?;
    let walkers: uuid::Uuid = owner
        .query_one(
            "SELECT membership_id FROM memberships WHERE user_id = $1 AND organisation_id = $2",
            &[&scene.region.link_worker.session.user.uuid(), &scene.region.walkers.uuid()],
        )
        .await?
        .get(0);
    let walkers = trellis_domain::kernel::MembershipId::from_uuid(walkers).to_string();
    let to_walkers = [("membership", walkers.as_str())];
    let shown = by_provider.get("/today").await?;
    assert!(!shown.text.contains("Eastfield Walkers"), "the other membership is not even named");
    let refused = by_provider.post("/switch-organisation", &to_walkers).await?;
    refused.says(403, "sign out and sign in with your own password")?;
    by_provider.get("/today").await?.says(200, "North Vale Community Links")?;
    assert_eq!(with_password.post("/switch-organisation", &to_walkers).await?.status, 303);
    with_password.get("/today").await?.says(200, "Eastfield Walkers")?;
    Ok(())
}

#[tokio::test]
async fn switching_a_provider_off_ends_no_session_and_opens_none() -> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    scene.connect("sam").await?;
    let inside = scene.browser()?;
    scene.returns(&inside, "sam").await?;
    let under_way = scene.browser()?;
    let back = scene.through(&under_way, "sam").await?;
    scene.switch(false).await?;
    inside.get("/today").await?.says(200, "North Vale Community Links")?;
    under_way.get(&back).await?.says(404, "No organisation with this short name")?;
    let unknown = scene.browser()?.get("/sign-in/with/nobody-here").await?;
    let off = scene.browser()?.get(DOOR).await?;
    assert_eq!((off.status, unknown.status), (404, 404), "off and unknown are the same answer");
    scene.switch(true).await?;
    assert_eq!(scene.returns(&scene.browser()?, "sam").await?.status, 303);
    Ok(())
}

#[tokio::test]
async fn where_two_factors_are_asked_for_the_provider_has_to_say_that_it_did() -> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    scene.connect("sam").await?;
    scene.connect("sam+two").await?;
    let owner = scene.served.world.database.connect_as_owner().await?;
    owner
        .execute(
            "INSERT INTO organisation_settings (network_id, organisation_id, version, takes_effect_at, second_factor_required, \
             idle_minutes, session_hours, changed_at, changed_by) VALUES ($1, $2, 1, '2020-01-01', true, 30, 12, now(), $3)",
            &[&scene.region.network.uuid(), &scene.region.links.uuid(), &scene.region.coordinator.session.user.uuid()],
        )
        .await?;
    scene.returns(&scene.browser()?, "sam").await?.says(403, "asks for a second step")?;
    assert_eq!(scene.returns(&scene.browser()?, "sam+two").await?.status, 303);
    Ok(())
}

#[tokio::test]
async fn a_provider_that_is_away_refuses_or_does_not_know_us_is_a_page_with_another_way() -> anyhow::Result<()>
{
    let mut scene = Scene::with_provider().await?;
    let browser = scene.browser()?;
    scene.returns(&browser, "").await?.says(403, "did not let you in")?;
    // Another secret than the provider's: told to nobody but as “does not fit”.
    let version = scene.admin.data("{ identityProvider { version } }", json!({})).await?;
    let version = version["identityProvider"]["version"].clone();
    scene.configure(json!({ "version": version, "clientSecret": "not the provider's" })).await?;
    scene.returns(&browser, "sam").await?.says(502, "do not fit together")?;
    let under_way = scene.through(&browser, "sam").await?;
    scene.provider.stop().await?;
    browser.get(&under_way).await?.says(503, "does not answer just now")?;
    scene.served.world.clock.advance(SignedDuration::from_mins(11));
    let gone = browser.get(DOOR).await?;
    gone.says(503, "Sign in another way")?;
    Ok(())
}

#[tokio::test]
async fn an_administrator_sets_the_provider_up_tries_it_and_the_secret_is_never_seen_again()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let provider = scene.configure(json!({})).await?;
    assert_eq!(provider["enabled"], false, "off until it was tried");
    assert_eq!(provider["backAddress"], format!("{}{DOOR}/callback", scene.served.url));
    let query = "mutation { testIdentityProvider { found { signInHost keys } refusal { code } } }";
    let tried = scene.admin.data(query, json!({})).await?;
    assert_eq!(tried["testIdentityProvider"]["found"]["signInHost"], "127.0.0.1", "{tried}");
    let owner = scene.served.world.database.connect_as_owner().await?;
    let kept: Vec<u8> = owner.query_one("SELECT sealed_secret FROM identity_providers", &[]).await?.get(0);
    assert!(!kept.windows(6).any(|part| part == b"otters"));
    let mut sam = scene.region.link_worker.clone();
    sam.session.proved_at = scene.served.app.parts.clock.now();
    let colleague = scene.served.client(&sam)?;
    let asked = colleague.ask("{ identityProvider { clientId } }", json!({})).await?;
    assert_eq!(asked.body["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let input = scene.described(json!({ "version": 1 }));
    let refused =
        colleague.refused("configureIdentityProvider", "ConfigureIdentityProviderInput", input).await?;
    assert_eq!(refused, "DENIED");
    // The secret of one address must not be sent to another.
    let elsewhere =
        scene.described(json!({ "version": 1, "issuer": "https://login.example.org", "clientSecret": null }));
    let refused =
        scene.admin.refused("configureIdentityProvider", "ConfigureIdentityProviderInput", elsewhere).await?;
    assert_eq!(refused, "CLIENT_SECRET_NEEDED");
    Ok(())
}
