//! Access tokens under attack: each test changes one thing about a good token and expects one refusal.

use serde_json::{Value, json};

use super::*;

const CLAIMS: AccessClaims = AccessClaims {
    user: Uuid::from_u128(1),
    membership: Uuid::from_u128(2),
    network: Uuid::from_u128(3),
    organisation: Some(Uuid::from_u128(4)),
    session: Uuid::from_u128(5),
    membership_version: 6,
    roles: Vec::new(),
    proved_at: 1_790_000_000,
};

fn now() -> Timestamp {
    "2026-03-04T09:00:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn tokens(keys: &SigningKeys) -> AccessTokens {
    AccessTokens::new(keys, "https://trellis.example.org", "trellis-api")
}

fn fresh() -> (SigningKeys, AccessTokens, String) {
    let keys = SigningKeys::generate(now()).unwrap();
    let tokens = tokens(&keys);
    let token = tokens.issue(&CLAIMS, now()).unwrap().0;
    (keys, tokens, token)
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A token with this header and body, signed with the real key: what remains wrong is what is tested.
fn signed(keys: &SigningKeys, header: &Value, body: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encode(header), encode(body));
    let signature = jsonwebtoken::crypto::sign(
        message.as_bytes(),
        &EncodingKey::from_ed_der(&keys.keys[0].pkcs8),
        Algorithm::EdDSA,
    );
    format!("{message}.{}", signature.unwrap())
}

fn altered(index: usize, name: &str, value: Value) -> TokenError {
    let (keys, tokens, token) = fresh();
    let mut parts = [part(&token, 0), part(&token, 1)];
    match value {
        Value::Null => drop(parts[index].as_object_mut().unwrap().remove(name)),
        value => parts[index][name] = value,
    }
    tokens.verify(&signed(&keys, &parts[0], &parts[1]), now()).unwrap_err()
}

#[test]
fn an_issued_token_says_again_what_was_claimed() {
    let (_, tokens, token) = fresh();
    assert_eq!(tokens.verify(&token, now()), Ok(CLAIMS));
    let alone = AccessClaims {
        organisation: None,
        roles: vec!["link_worker".to_owned(), "team_lead".to_owned()],
        proved_at: 1_790_000_000,
        ..CLAIMS
    };
    let (token, expires) = tokens.issue(&alone, now()).unwrap();
    assert_eq!(tokens.verify(&token, now()), Ok(alone));
    assert_eq!(expires, later(600));
    assert_eq!(part(&token, 0)["typ"], "at+jwt");
}

#[test]
fn a_token_lives_from_its_issue_to_its_expiry_by_the_instant_given() {
    let (_, tokens, token) = fresh();
    assert_eq!(tokens.verify(&token, later(599)), Ok(CLAIMS));
    assert_eq!(tokens.verify(&token, later(609)), Ok(CLAIMS), "leeway");
    assert_eq!(tokens.verify(&token, later(610)), Err(TokenError::Expired));
    assert_eq!(tokens.verify(&token, later(-10)), Ok(CLAIMS), "leeway");
    assert_eq!(tokens.verify(&token, later(-11)), Err(TokenError::NotYet));
}

#[test]
fn another_algorithm_or_type_is_refused() {
    assert_eq!(altered(0, "alg", json!("HS256")), TokenError::WrongKind);
    assert_eq!(altered(0, "alg", json!("none")), TokenError::Malformed);
    assert_eq!(altered(0, "typ", json!("JWT")), TokenError::WrongKind);
    assert_eq!(altered(0, "typ", Value::Null), TokenError::WrongKind);
    assert_eq!(altered(0, "crit", json!(["exp"])), TokenError::WrongKind);
}

#[test]
fn a_token_signed_with_the_public_key_as_a_shared_secret_is_refused() {
    let (keys, tokens, token) = fresh();
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TOKEN_TYPE.to_owned());
    header.kid = Some(keys.keys[0].id.clone());
    let secret = EncodingKey::from_secret(&keys.keys[0].public);
    let forged = jsonwebtoken::encode(&header, &part(&token, 1), &secret).unwrap();
    assert_eq!(tokens.verify(&forged, now()), Err(TokenError::WrongKind));
}

#[test]
fn an_unknown_or_absent_key_id_is_refused() {
    assert_eq!(altered(0, "kid", json!("other")), TokenError::UnknownKey);
    assert_eq!(altered(0, "kid", Value::Null), TokenError::UnknownKey);
}

#[test]
fn a_key_the_token_brings_along_is_not_used() {
    let (keys, tokens, token) = fresh();
    let attacker = SigningKeys::generate(now()).unwrap();
    let mut header = part(&token, 0);
    header["jwk"] = attacker.keys[0].jwk();
    header["jku"] = json!("https://attacker.example.org/keys");
    header["x5u"] = json!("https://attacker.example.org/chain");
    let forged = signed(&attacker, &header, &part(&token, 1));
    assert_eq!(tokens.verify(&forged, now()), Err(TokenError::Forged));
    let honest = signed(&keys, &header, &part(&token, 1));
    assert_eq!(tokens.verify(&honest, now()), Ok(CLAIMS), "the headers are ignored, not trusted");
}

#[test]
fn another_issuer_or_audience_is_refused() {
    assert_eq!(altered(1, "iss", json!("https://other.example.org")), TokenError::Foreign);
    assert_eq!(altered(1, "aud", json!("other")), TokenError::Foreign);
    assert_eq!(altered(1, "aud", json!(["trellis-api", "other"])), TokenError::Malformed);
}

#[test]
fn every_claim_is_needed() {
    for name in ["iss", "aud", "sub", "exp", "nbf", "iat", "jti", "mem", "net", "sid", "mev", "roles"] {
        assert_eq!(altered(1, name, Value::Null), TokenError::Malformed, "{name}");
    }
    assert_eq!(altered(1, "exp", json!("soon")), TokenError::Malformed);
    assert_eq!(altered(1, "sub", json!("me")), TokenError::Malformed);
}

#[test]
fn a_changed_body_or_signature_is_refused() {
    let (_, tokens, token) = fresh();
    let mut body = part(&token, 1);
    body["org"] = json!(Uuid::from_u128(99));
    let parts: Vec<_> = token.split('.').collect();
    let body = URL_SAFE_NO_PAD.encode(body.to_string());
    assert_eq!(tokens.verify(&format!("{}.{body}.{}", parts[0], parts[2]), now()), Err(TokenError::Forged));
    for broken in ["", "a", "a.b", "a.b.c", &format!("{}.{}.", parts[0], parts[1]), &"x".repeat(5000)] {
        assert!(tokens.verify(broken, now()).is_err(), "{broken}");
    }
}

#[test]
fn the_next_key_is_published_before_it_signs_and_the_old_one_goes_when_its_last_token_has_expired() {
    let (keys, tokens, token) = fresh();
    let kids = |at| {
        let keys = tokens.jwks(at)["keys"].as_array().unwrap().clone();
        keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let old = part(&token, 0)["kid"].as_str().unwrap().to_owned();
    tokens.replace(&keys.rotated(now()).unwrap());
    assert_eq!(kids(now()).len(), 2);
    let signs_with = |at| part(&tokens.issue(&CLAIMS, at).unwrap().0, 0)["kid"].clone();
    assert_eq!(signs_with(later(599)), old.as_str());
    assert_ne!(signs_with(later(600)), old.as_str());
    let last = tokens.issue(&CLAIMS, later(599)).unwrap().0;
    assert_eq!(tokens.verify(&last, later(599 + 600)), Ok(CLAIMS), "as long as it lives");
    assert_eq!(kids(later(600 + 660)).len(), 1, "and then its key is gone");
    assert_eq!(tokens.verify(&last, later(600 + 660)), Err(TokenError::UnknownKey));
}

#[test]
fn servers_that_have_read_the_file_at_two_moments_take_each_others_tokens() {
    let (keys, early, _) = fresh();
    let late = tokens(&keys.rotated(now()).unwrap());
    let taken = |server: &AccessTokens, signer: &AccessTokens, at| {
        server.verify(&signer.issue(&CLAIMS, at).unwrap().0, at)
    };
    assert_eq!(taken(&early, &late, later(60)), Ok(CLAIMS), "the next key does not sign yet");
    assert_eq!(taken(&late, &early, later(900)), Ok(CLAIMS), "the old one is known after the change");
    assert_eq!(
        taken(&early, &late, later(900)),
        Err(TokenError::UnknownKey),
        "which is why files are read again"
    );
}

#[test]
fn a_published_key_holds_nothing_private() {
    let (_, tokens, _) = fresh();
    let names: Vec<_> = tokens.jwks(now())["keys"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"]);
}
