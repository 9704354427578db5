//! Second factors from sign-in to removal, and what an attacker tries: a code twice, a ticket twice, a ticket of somebody
//! else, guessing across tickets, an account that was disabled in between.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::{Clock, TypedId};
use trellis_infra::auth::{CodeApp, Passwords};
use trellis_infra::pg::platform::{PlatformStore, SecondProof, SessionError, SessionKind};
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

pub const PASSWORD: &str = "seven quiet otters";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { tokens { accessToken refreshToken } ticket { ticket authenticator passkey recoveryCode mustSetUp } refusal { code message next } } }";
const FINISH: &str = "mutation($input: FinishSignInInput!) { finishSignIn(input: $input) { tokens { accessToken refreshToken } refusal { code message next } } }";

/// Somebody who can sign in with a password, over GraphQL as partners do.
pub struct Scene {
    pub served: Served,
    pub region: Region,
    pub lead: Persona,
}

impl Scene {
    pub async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let lead = region.team_lead.clone();
        let scene = Self { served, region, lead };
        scene.with_password(&scene.lead).await?;
        Ok(scene)
    }

    pub async fn with_password(&self, who: &Persona) -> anyhow::Result<()> {
        let hash = Passwords::new(1, 8)?.hash(PASSWORD).await?;
        let owner = self.served.world.database.connect_as_owner().await?;
        owner.execute("UPDATE users SET password_hash = $1 WHERE email = $2", &[&hash, &who.email]).await?;
        Ok(())
    }

    pub fn door(&self) -> Client {
        Client::new(&self.served.url, None)
    }

    fn platform(&self) -> &PlatformStore {
        &self.served.app.parts.platform
    }

    pub fn wait(&self, time: SignedDuration) {
        self.served.world.clock.advance(time);
    }

    /// The answer to the right password.
    pub async fn signs_in(&self, who: &Persona) -> anyhow::Result<Value> {
        let input = json!({ "input": { "email": who.email, "password": PASSWORD } });
        Ok(self.door().data(SIGN_IN, input).await?["signIn"].clone())
    }

    /// A client with the access token of an answer.
    pub fn with(&self, answer: &Value) -> anyhow::Result<Client> {
        let token = answer["tokens"]["accessToken"].as_str();
        anyhow::ensure!(token.is_some(), "not signed in: {answer}");
        Ok(Client::new(&self.served.url, token.map(str::to_owned)))
    }

    pub async fn finishes(&self, ticket: &Value, proof: Value) -> anyhow::Result<Value> {
        let mut input = json!({ "ticket": ticket });
        if let (Some(input), Some(proof)) = (input.as_object_mut(), proof.as_object()) {
            input.extend(proof.clone());
        }
        Ok(self.door().data(FINISH, json!({ "input": input })).await?["finishSignIn"].clone())
    }

    /// What the app shows now.
    pub fn code(&self, app: &CodeApp) -> String {
        app.shown(self.served.world.clock.now())
    }

    /// The lead sets up an app, signed in: the app and the recovery codes.
    pub async fn sets_up(&self, client: &Client) -> anyhow::Result<(CodeApp, Vec<String>)> {
        let app = begun(client, None).await?;
        let codes = confirmed(client, None, &self.code(&app)).await?;
        let codes = codes["recoveryCodes"].as_array().cloned().unwrap_or_default();
        let codes: Vec<String> = codes.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        anyhow::ensure!(codes.len() == 10, "{} recovery codes", codes.len());
        self.wait(SignedDuration::from_secs(30));
        Ok((app, codes))
    }

    /// Signed in with a password once, and with an app from now on.
    pub async fn has_an_app(&self) -> anyhow::Result<(CodeApp, Vec<String>)> {
        let first = self.signs_in(&self.lead).await?;
        self.sets_up(&self.with(&first)?).await
    }

    /// The links' organisation asks for two factors, from now on.
    pub async fn is_required(&self) -> anyhow::Result<()> {
        self.is_required_in(self.region.links.uuid()).await
    }

    pub async fn is_required_in(&self, organisation: uuid::Uuid) -> anyhow::Result<()> {
        let owner = self.served.world.database.connect_as_owner().await?;
        let now = self.served.world.clock.now().to_string();
        owner
            .execute(
                "INSERT INTO organisation_settings (network_id, organisation_id, version, takes_effect_at, second_factor_required,
                   idle_minutes, session_hours, changed_at, changed_by)
                 VALUES ($1, $2, 1, $3::text::timestamptz, true, 30, 12, now(), $1)",
                &[&self.region.network.uuid(), &organisation, &now],
            )
            .await?;
        Ok(())
    }
}

/// The app that was shown, as a telephone would read it from the address.
pub async fn begun(client: &Client, ticket: Option<&Value>) -> anyhow::Result<CodeApp> {
    let query = "mutation($ticket: String) { startAuthenticator(ticket: $ticket) { authenticator { secret address picture } refusal { code } } }";
    let answer = client.data(query, json!({ "ticket": ticket })).await?["startAuthenticator"].clone();
    let secret = answer["authenticator"]["secret"].as_str().unwrap_or_default().replace(' ', "");
    anyhow::ensure!(secret.len() == 32, "{answer}");
    anyhow::ensure!(
        answer["authenticator"]["address"].as_str().is_some_and(|at| at.contains(&secret)),
        "{answer}"
    );
    let bytes = data_encoding::BASE32_NOPAD.decode(secret.as_bytes())?;
    Ok(CodeApp::of(bytes.into(), "somebody")?)
}

pub async fn confirmed(client: &Client, ticket: Option<&Value>, code: &str) -> anyhow::Result<Value> {
    let query = "mutation($input: ConfirmAuthenticatorInput!) { confirmAuthenticator(input: $input) { recoveryCodes refusal { code } } }";
    let input = json!({ "input": { "ticket": ticket, "code": code } });
    Ok(client.data(query, input).await?["confirmAuthenticator"].clone())
}

pub async fn opens(client: &Client) -> anyhow::Result<bool> {
    let answer = client.ask("{ viewer { name } }", json!({})).await?;
    Ok(answer.body["errors"].is_null())
}

const WRONG: &str = "000000";

#[tokio::test]
async fn once_an_app_is_set_up_the_password_alone_opens_nothing() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (app, _) = scene.has_an_app().await?;
    let half = scene.signs_in(&scene.lead).await?;
    assert!(half["tokens"].is_null(), "{half}");
    assert_eq!(half["refusal"]["code"], "SECOND_FACTOR_NEEDED");
    let ticket = &half["ticket"];
    assert_eq!((&ticket["authenticator"], &ticket["mustSetUp"]), (&json!(true), &json!(false)));
    let wrong = scene.finishes(&ticket["ticket"], json!({ "code": WRONG })).await?;
    assert_eq!(wrong["refusal"]["code"], "CODE_WRONG", "{wrong}");
    let whole = scene.finishes(&ticket["ticket"], json!({ "code": scene.code(&app) })).await?;
    assert!(opens(&scene.with(&whole)?).await?);
    Ok(())
}

#[tokio::test]
async fn a_code_counts_once_also_with_another_ticket() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (app, _) = scene.has_an_app().await?;
    let (one, two) = (scene.signs_in(&scene.lead).await?, scene.signs_in(&scene.lead).await?);
    let code = scene.code(&app);
    scene.with(&scene.finishes(&one["ticket"]["ticket"], json!({ "code": code })).await?)?;
    let again = scene.finishes(&two["ticket"]["ticket"], json!({ "code": code })).await?;
    assert_eq!(again["refusal"]["code"], "CODE_WRONG", "{again}");
    scene.wait(SignedDuration::from_secs(30));
    scene.with(&scene.finishes(&two["ticket"]["ticket"], json!({ "code": scene.code(&app) })).await?)?;
    Ok(())
}

#[tokio::test]
async fn one_code_typed_twenty_times_at_once_opens_one_session() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (app, _) = scene.has_an_app().await?;
    let code = scene.code(&app);
    let mut tickets = Vec::new();
    for _ in 0..4 {
        tickets.push(scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone());
    }
    let typed = (0..20).zip(tickets.iter().cycle());
    let answers = futures_util::future::join_all(
        typed.map(|(_, ticket)| scene.finishes(ticket, json!({ "code": code }))),
    )
    .await;
    let opened = answers.iter().flatten().filter(|answer| !answer["tokens"].is_null()).count();
    assert_eq!(opened, 1);
    Ok(())
}

#[tokio::test]
async fn a_ticket_is_good_once_for_ten_minutes_and_for_its_own_login() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (app, codes) = scene.has_an_app().await?;
    let ended = json!("SIGN_IN_AGAIN");
    let first = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    scene.with(&scene.finishes(&first, json!({ "code": scene.code(&app) })).await?)?;
    let spent = scene.finishes(&first, json!({ "recoveryCode": codes[0] })).await?;
    assert_eq!(spent["refusal"]["code"], ended, "{spent}");
    let second = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    scene.wait(SignedDuration::from_mins(10));
    let late = scene.finishes(&second, json!({ "code": scene.code(&app) })).await?;
    assert_eq!(late["refusal"]["code"], ended, "{late}");
    for made_up in ["", "tr_ticket_", &format!("tr_ticket_{}", "A".repeat(43))] {
        let none = scene.finishes(&json!(made_up), json!({ "code": scene.code(&app) })).await?;
        assert_eq!(none["refusal"]["code"], ended, "{none}");
    }
    // Somebody else's code, however right, does not finish this one's sign-in.
    scene.with_password(&scene.region.link_worker).await?;
    let other = scene.signs_in(&scene.region.link_worker).await?;
    let (theirs, their_codes) = scene.sets_up(&scene.with(&other)?).await?;
    let mine = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    for proof in [json!({ "code": scene.code(&theirs) }), json!({ "recoveryCode": their_codes[0] })] {
        let refused = scene.finishes(&mine, proof).await?;
        assert_eq!(refused["refusal"]["code"], "CODE_WRONG", "{refused}");
    }
    Ok(())
}

#[tokio::test]
async fn a_ticket_dies_after_five_wrong_codes_and_an_account_takes_ten_an_hour() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (app, _) = scene.has_an_app().await?;
    for _ in 0..2 {
        let ticket = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
        for _ in 0..5 {
            let wrong = scene.finishes(&ticket, json!({ "code": WRONG })).await?;
            assert_eq!(wrong["refusal"]["code"], "CODE_WRONG", "{wrong}");
        }
        let dead = scene.finishes(&ticket, json!({ "code": scene.code(&app) })).await?;
        assert_eq!(dead["refusal"]["code"], "SIGN_IN_AGAIN", "{dead}");
    }
    let third = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    let right = scene.finishes(&third, json!({ "code": scene.code(&app) })).await?;
    assert_eq!(right["refusal"]["code"], "TOO_MANY_TRIES", "{right}");
    scene.wait(SignedDuration::from_mins(61));
    let later = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    scene.with(&scene.finishes(&later, json!({ "code": scene.code(&app) })).await?)?;
    Ok(())
}

#[tokio::test]
async fn a_recovery_code_stands_in_once_and_new_ones_end_the_old() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (_, codes) = scene.has_an_app().await?;
    let ticket = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    let typed = codes[0].to_lowercase().replace('-', " ");
    let opened = scene.finishes(&ticket, json!({ "recoveryCode": typed })).await?;
    let client = scene.with(&opened)?;
    let left = client.data("{ viewer { security { recoveryCodesLeft } } }", json!({})).await?;
    assert_eq!(left["viewer"]["security"]["recoveryCodesLeft"], 9);
    let ticket = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    let again = scene.finishes(&ticket, json!({ "recoveryCode": codes[0] })).await?;
    assert_eq!(again["refusal"]["code"], "CODE_WRONG", "{again}");
    let renew = "mutation { renewRecoveryCodes { recoveryCodes refusal { code } } }";
    let renewed = client.data(renew, json!({})).await?["renewRecoveryCodes"]["recoveryCodes"].clone();
    let old = scene.finishes(&ticket, json!({ "recoveryCode": codes[1] })).await?;
    assert_eq!(old["refusal"]["code"], "CODE_WRONG", "{old}");
    scene.with(&scene.finishes(&ticket, json!({ "recoveryCode": renewed[3] })).await?)?;
    Ok(())
}

#[tokio::test]
async fn a_login_that_was_disabled_in_between_is_not_finished() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (app, _) = scene.has_an_app().await?;
    let ticket = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    scene.platform().disable_user(scene.lead.session.user, scene.served.world.clock.now()).await?;
    let refused = scene.finishes(&ticket, json!({ "code": scene.code(&app) })).await?;
    assert_eq!(refused["refusal"]["code"], "SIGN_IN_AGAIN", "{refused}");
    Ok(())
}

#[tokio::test]
async fn where_a_second_factor_is_asked_for_nobody_comes_in_before_it_is_set_up() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let before = scene.with(&scene.signs_in(&scene.lead).await?)?;
    assert!(opens(&before).await?);
    scene.is_required().await?;
    assert!(!opens(&before).await?, "a session of one factor is refused on its next request");
    let half = scene.signs_in(&scene.lead).await?;
    assert_eq!(half["refusal"]["code"], "SET_UP_SECOND_FACTOR", "{half}");
    let ticket = &half["ticket"]["ticket"];
    let empty = scene.finishes(ticket, json!({})).await?;
    assert!(empty["tokens"].is_null(), "{empty}");
    let half = scene.signs_in(&scene.lead).await?;
    let ticket = &half["ticket"]["ticket"];
    let app = begun(&scene.door(), Some(ticket)).await?;
    let wrong = confirmed(&scene.door(), Some(ticket), WRONG).await?;
    assert_eq!(wrong["refusal"]["code"], "CODE_WRONG", "{wrong}");
    let codes = confirmed(&scene.door(), Some(ticket), &scene.code(&app)).await?;
    assert_eq!(codes["recoveryCodes"].as_array().map(Vec::len), Some(10), "{codes}");
    let whole = scene.finishes(ticket, json!({})).await?;
    assert!(opens(&scene.with(&whole)?).await?);
    // From then on it is asked for, and a ticket sets up nothing any more.
    let next = scene.signs_in(&scene.lead).await?;
    assert_eq!(next["refusal"]["code"], "SECOND_FACTOR_NEEDED", "{next}");
    let query = "mutation($ticket: String) { startAuthenticator(ticket: $ticket) { refusal { code } } }";
    let more = scene.door().data(query, json!({ "ticket": next["ticket"]["ticket"] })).await?;
    assert_eq!(more["startAuthenticator"]["refusal"]["code"], "ALREADY_SET_UP", "{more}");
    Ok(())
}

#[tokio::test]
async fn a_session_of_one_factor_does_not_switch_to_where_two_are_asked_for() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let there = crate::between_organisations::also_in(
        &scene.served.world,
        (&scene.lead, scene.region.walkers),
        trellis_domain::policy::Role::ProviderWorker,
    )
    .await?;
    scene.is_required_in(scene.region.walkers.uuid()).await?;
    let weak = scene.signs_in(&scene.lead).await?;
    let refresh = weak["tokens"]["refreshToken"].as_str().unwrap_or_default();
    let now = scene.served.world.clock.now();
    let to = there.session.membership;
    let refused = scene.platform().switch_membership(refresh, SessionKind::Api, to, now).await;
    assert!(matches!(refused, Err(SessionError::FactorNeeded)), "{refused:?}");
    // Nothing was spent: the session goes on where it is.
    assert!(opens(&scene.with(&weak)?).await?);
    scene.platform().refresh(refresh, now).await?;
    let (app, _) = scene.sets_up(&scene.with(&weak)?).await?;
    let half = scene.signs_in(&scene.lead).await?;
    let strong = scene.finishes(&half["ticket"]["ticket"], json!({ "code": scene.code(&app) })).await?;
    let refresh = strong["tokens"]["refreshToken"].as_str().unwrap_or_default();
    scene.platform().switch_membership(refresh, SessionKind::Api, to, scene.served.world.clock.now()).await?;
    Ok(())
}

#[tokio::test]
async fn removing_the_factor_ends_other_sessions_and_weakens_this_one() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (app, _) = scene.has_an_app().await?;
    let mut clients = Vec::new();
    for _ in 0..2 {
        let half = scene.signs_in(&scene.lead).await?;
        let whole = scene.finishes(&half["ticket"]["ticket"], json!({ "code": scene.code(&app) })).await?;
        clients.push(scene.with(&whole)?);
        scene.wait(SignedDuration::from_secs(30));
    }
    let remove = "mutation { removeAuthenticator { done refusal { code } } }";
    let removed = clients[1].data(remove, json!({})).await?;
    assert_eq!(removed["removeAuthenticator"]["done"], true, "{removed}");
    assert!(!opens(&clients[0]).await?);
    assert!(opens(&clients[1]).await?);
    scene.is_required().await?;
    assert!(!opens(&clients[1]).await?, "what was removed proves nothing any more");
    Ok(())
}

#[tokio::test]
async fn a_code_of_the_app_is_never_stored_nor_is_its_secret() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (app, codes) = scene.has_an_app().await?;
    let owner = scene.served.world.database.connect_as_owner().await?;
    let sealed: Vec<u8> = owner.query_one("SELECT sealed_secret FROM authenticators", &[]).await?.get(0);
    assert!(!sealed.windows(8).any(|part| app.secret().windows(8).any(|secret| secret == part)));
    let kept = owner
        .query("SELECT encode(code_hash, 'escape') || encode(code_hash, 'hex') FROM recovery_codes", &[])
        .await?;
    for row in kept {
        let kept: String = row.get(0);
        assert!(!codes.iter().any(|code| kept.contains(&code.replace('-', ""))));
    }
    let ticket = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    let finished = scene
        .platform()
        .finish_sign_in(
            ticket.as_str().unwrap_or_default(),
            SecondProof::SetUp,
            scene.served.world.clock.now(),
        )
        .await;
    assert!(finished.is_err(), "a ticket alone is nothing");
    Ok(())
}
