//! What a provider hands in as proof, with one thing wrong at a time.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use trellis_infra::auth::{Secret, SecretPurpose};
use trellis_infra::seal::Keyring;
use trellis_infra::sso::{Ceremony, CeremonySecrets, Connection, Proven, SingleSignOn, SsoError};
use trellis_tests::hostile_provider::{HostileProvider, Signer};

const CLIENT: &str = "trellis";
const SECRET: &str = "a secret of seven quiet otters";

struct Scene {
    provider: HostileProvider,
    signer: Signer,
    sso: SingleSignOn,
    connection: Connection,
    secrets: CeremonySecrets,
    now: Timestamp,
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let now: Timestamp = "2026-11-23T09:00:00Z".parse()?;
        let signer = Signer::new(now)?;
        let provider = HostileProvider::start(signer.keys.clone()).await?;
        let connection = Connection {
            issuer: provider.issuer.clone(),
            client_id: CLIENT.to_owned(),
            secret: SECRET.to_owned().into(),
            scopes: Vec::new(),
            strong_acr: vec!["two".to_owned()],
            strong_amr: vec!["otp".to_owned()],
            back: "http://127.0.0.1:1/sign-in/with/vale/callback".to_owned(),
        };
        let browser = Secret::generate(SecretPurpose::SignInBrowser)?;
        let secrets = CeremonySecrets::of(&Keyring::generate()?, &browser)?;
        Ok(Self { provider, signer, sso: SingleSignOn::new(true)?, connection, secrets, now })
    }

    fn ceremony(&self, now: Timestamp) -> Ceremony<'_> {
        Ceremony { connection: &self.connection, secrets: &self.secrets, now }
    }

    async fn claims(&self) -> anyhow::Result<Value> {
        let state = Secret::generate(SecretPurpose::SignInState)?;
        let address = url::Url::parse(&self.sso.address(self.ceremony(self.now), &state).await?)?;
        let nonce =
            address.query_pairs().find(|(name, _)| name == "nonce").map(|(_, value)| value.into_owned());
        let at = self.now.as_second();
        Ok(
            json!({ "iss": self.connection.issuer, "aud": CLIENT, "sub": "sam", "nonce": nonce, "iat": at, "exp": at + 60 }),
        )
    }

    async fn proves(&self, token: &str) -> Result<Proven, SsoError> {
        self.provider.gives(token);
        self.sso.prove(self.ceremony(self.now), "code").await
    }

    /// With one claim that is another; null takes it away.
    async fn with(&self, name: &str, value: Value) -> anyhow::Result<Result<Proven, SsoError>> {
        let mut claims = self.claims().await?;
        match value {
            Value::Null => drop(claims.as_object_mut().and_then(|claims| claims.remove(name))),
            value => claims[name] = value,
        }
        Ok(self.proves(&self.signer.sign(&claims)?).await)
    }
}

#[tokio::test]
async fn a_sound_proof_says_who_it_is_and_whether_two_factors_were_used() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let plain = scene.with("email", json!("sam@example.org")).await??;
    assert_eq!((plain.subject.as_str(), plain.second_factor), ("sam", false));
    assert_eq!(plain.shown.as_deref(), Some("sam@example.org"));
    assert!(scene.with("acr", json!("two")).await??.second_factor);
    assert!(scene.with("amr", json!(["pwd", "otp"])).await??.second_factor);
    assert!(!scene.with("acr", json!("one")).await??.second_factor);
    assert!(!scene.with("amr", json!(["pwd"])).await??.second_factor);
    assert_eq!(scene.with("azp", json!(CLIENT)).await??.subject, "sam");
    Ok(())
}

#[tokio::test]
async fn each_claim_that_is_not_as_it_should_be_is_refused_by_its_name() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let past = scene.now.as_second();
    for (name, value, why) in [
        ("iss", json!("https://other.example.org"), "issuer"),
        ("aud", json!("another"), "audience"),
        ("aud", json!([CLIENT, "another"]), "audience"),
        ("azp", json!("another"), "authorised party"),
        ("nonce", json!("another"), "nonce"),
        ("nonce", Value::Null, "nonce"),
        ("exp", json!(past), "expired"),
        ("sub", json!(""), "subject"),
        ("sub", json!("s".repeat(256)), "subject"),
    ] {
        let refused = scene.with(name, value.clone()).await?;
        assert_eq!(refused, Err(SsoError::NotProven(why)), "{name}: {value}");
    }
    for name in ["iss", "aud", "sub", "exp", "iat"] {
        assert!(scene.with(name, Value::Null).await?.is_err(), "without {name}");
    }
    Ok(())
}

#[tokio::test]
async fn only_a_key_of_the_providers_own_signs() -> anyhow::Result<()> {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let scene = Scene::new().await?;
    let claims = scene.claims().await?;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims));
    assert!(scene.proves(&unsigned).await.is_err());
    // With our own secret, or with the public key as one: both are known to more than the provider.
    let public = scene.signer.keys["keys"][0]["x"].as_str().unwrap_or_default();
    for secret in [SECRET.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(public)?] {
        let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
        header.kid = Some(scene.signer.id.clone());
        let key = jsonwebtoken::EncodingKey::from_secret(&secret);
        assert!(scene.proves(&jsonwebtoken::encode(&header, &claims, &key)?).await.is_err());
    }
    let stranger = Signer::new(scene.now)?;
    let forged = Signer { id: scene.signer.id.clone(), ..Signer::new(scene.now)? };
    assert_eq!(scene.proves(&forged.sign(&claims)?).await, Err(SsoError::NotProven("signature")));
    assert_eq!(scene.proves(&stranger.sign(&claims)?).await, Err(SsoError::NotProven("key")));
    // The provider has changed its key: it is asked again, a minute after the last time at the earliest.
    scene.provider.change(|says| says.keys = stranger.keys.clone());
    scene.provider.gives(&stranger.sign(&claims)?);
    let later = scene.now + SignedDuration::from_secs(59);
    assert_eq!(scene.sso.prove(scene.ceremony(later), "code").await, Err(SsoError::NotProven("key")));
    let token = json!({ "exp": scene.now.as_second() + 600 });
    let mut longer = claims.clone();
    longer["exp"] = token["exp"].clone();
    scene.provider.gives(&stranger.sign(&longer)?);
    let later = scene.now + SignedDuration::from_secs(60);
    assert_eq!(scene.sso.prove(scene.ceremony(later), "code").await?.subject, "sam");
    Ok(())
}

#[tokio::test]
async fn a_provider_that_is_another_redirects_or_never_ends_is_refused() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.claims().await?;
    scene.provider.change(|says| says.token = ("302 Found", "{}".to_owned()));
    assert!(scene.sso.prove(scene.ceremony(scene.now), "code").await.is_err());
    scene.provider.change(|says| says.token = ("200 OK", "x".repeat(300 * 1024)));
    assert!(scene.sso.prove(scene.ceremony(scene.now), "code").await.is_err());
    let bad = r#"{"error":"invalid_client"}"#.to_owned();
    scene.provider.change(|says| says.token = ("401 Unauthorized", bad));
    assert_eq!(scene.sso.prove(scene.ceremony(scene.now), "code").await, Err(SsoError::Client));
    scene.provider.change(|says| says.issuer = "https://other.example.org".to_owned());
    assert_eq!(scene.sso.look_at(&scene.provider.issuer, scene.now).await, Err(SsoError::Unfit));
    let strict = SingleSignOn::new(false)?;
    assert_eq!(strict.look_at(&scene.provider.issuer, scene.now).await, Err(SsoError::Unfit), "no TLS");
    Ok(())
}
