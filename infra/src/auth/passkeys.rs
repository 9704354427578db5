//! Passkeys (WebAuthn): what a device is asked, and whether its answer is good. The library checks origin, challenge, user
//! verification and counter; what was asked is kept by the caller between the two halves, as an opaque value, and is good once.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// An answer of a device is shorter; what is longer is not read.
const LONGEST_ANSWER: usize = 32 * 1024;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PasskeyError {
    /// The installation is reached by a number, and browsers keep passkeys for names only.
    #[error("there are no passkeys at this address")]
    NotHere,
    #[error("the answer of the device is not good")]
    Refused,
    /// The counter went back: there may be a copy of the device.
    #[error("the passkey may have been copied")]
    Copied,
    #[error("stored passkey is not readable")]
    Stored,
}

/// What a browser is to be asked, and what the server has to remember of it.
#[derive(Debug)]
pub struct Challenge {
    /// For `navigator.credentials`.
    pub options: Value,
    pub state: Value,
}

/// A passkey as it is stored.
#[derive(Debug)]
pub struct NewPasskey {
    pub credential_id: Vec<u8>,
    pub credential: Value,
}

/// The installation as devices know it: its name and its address.
pub struct Passkeys(Option<Webauthn>);

impl Passkeys {
    /// `public_url`: where browsers reach us.
    pub fn at(public_url: &str) -> Self {
        let Ok(url) = Url::parse(public_url) else { return Self(None) };
        let Some(host) = url.domain() else { return Self(None) };
        let built = WebauthnBuilder::new(host, &url).and_then(|builder| builder.rp_name("Trellis").build());
        Self(built.ok())
    }

    pub fn are_possible(&self) -> bool {
        self.0.is_some()
    }

    fn webauthn(&self) -> Result<&Webauthn, PasskeyError> {
        self.0.as_ref().ok_or(PasskeyError::NotHere)
    }

    /// `held`: the credentials of the same user, which a device must not give twice.
    pub fn ask_to_register(
        &self,
        user: Uuid,
        (email, name): (&str, &str),
        held: Vec<Vec<u8>>,
    ) -> Result<Challenge, PasskeyError> {
        let (options, state) =
            self.webauthn()?.start_passkey_registration(user, email, name, Some(held)).map_err(refusal)?;
        let mut options = kept(&options)?;
        // So that no e-mail address has to be typed; a device that cannot keep it is taken all the same.
        let selection =
            options.pointer_mut("/publicKey/authenticatorSelection").and_then(Value::as_object_mut);
        if let Some(selection) = selection {
            selection.insert("residentKey".to_owned(), Value::from("preferred"));
        }
        Ok(Challenge { options, state: kept(&state)? })
    }

    pub fn registered(&self, answer: &str, state: Value) -> Result<NewPasskey, PasskeyError> {
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let state: PasskeyRegistration = stored(state)?;
        let passkey = self.webauthn()?.finish_passkey_registration(&answer, &state).map_err(refusal)?;
        Ok(NewPasskey { credential_id: passkey.cred_id().clone(), credential: kept(&passkey)? })
    }

    /// Any passkey for this installation, whoever it belongs to.
    pub fn ask_anybody(&self) -> Result<Challenge, PasskeyError> {
        let (mut options, state) = self.webauthn()?.start_discoverable_authentication().map_err(refusal)?;
        // It is asked when a button is pressed, not while an address is typed.
        options.mediation = None;
        Ok(Challenge { options: kept(&options)?, state: kept(&state)? })
    }

    /// One of these.
    pub fn ask_for(&self, held: Vec<Value>) -> Result<Challenge, PasskeyError> {
        let held = held.into_iter().map(stored).collect::<Result<Vec<Passkey>, _>>()?;
        let (options, state) = self.webauthn()?.start_passkey_authentication(&held).map_err(refusal)?;
        Ok(Challenge { options: kept(&options)?, state: kept(&state)? })
    }

    /// The passkey that an answer names.
    pub fn named(answer: &str) -> Result<Vec<u8>, PasskeyError> {
        let answer: PublicKeyCredential = read(answer)?;
        Ok(answer.get_credential_id().to_vec())
    }

    /// To what was asked of anybody. The passkey as it is to be kept from now on.
    pub fn answered_by_anybody(
        &self,
        answer: &str,
        state: Value,
        held: Value,
    ) -> Result<Value, PasskeyError> {
        let answer: PublicKeyCredential = read(answer)?;
        let state: DiscoverableAuthentication = stored(state)?;
        let mut passkey: Passkey = stored(held)?;
        let key = DiscoverableKey::from(&passkey);
        let result =
            self.webauthn()?.finish_discoverable_authentication_v2(&answer, state, &key).map_err(refusal)?;
        passkey.update_credential(&result);
        kept(&passkey)
    }

    /// To what was asked of one user. The passkey as it is to be kept from now on.
    pub fn answered(&self, answer: &str, state: Value, held: Value) -> Result<Value, PasskeyError> {
        let answer: PublicKeyCredential = read(answer)?;
        let state: PasskeyAuthentication = stored(state)?;
        let mut passkey: Passkey = stored(held)?;
        let result = self.webauthn()?.finish_passkey_authentication(&answer, &state).map_err(refusal)?;
        passkey.update_credential(&result).ok_or(PasskeyError::Refused)?;
        kept(&passkey)
    }
}

impl std::fmt::Debug for Passkeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Passkeys").field(&self.are_possible()).finish()
    }
}

fn kept(value: &impl Serialize) -> Result<Value, PasskeyError> {
    serde_json::to_value(value).map_err(|_| PasskeyError::Stored)
}

fn stored<T: DeserializeOwned>(value: Value) -> Result<T, PasskeyError> {
    serde_json::from_value(value).map_err(|_| PasskeyError::Stored)
}

fn read<T: DeserializeOwned>(answer: &str) -> Result<T, PasskeyError> {
    if answer.len() > LONGEST_ANSWER {
        return Err(PasskeyError::Refused);
    }
    serde_json::from_str(answer).map_err(|_| PasskeyError::Refused)
}

/// The library's words may quote what a device sent; they are not kept.
fn refusal(error: WebauthnError) -> PasskeyError {
    match error {
        WebauthnError::CredentialPossibleCompromise => PasskeyError::Copied,
        _ => PasskeyError::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_names_and_not_for_numbers() {
        for (url, possible) in [
            ("https://trellis.example.org", true),
            ("http://localhost:8080", true),
            ("http://127.0.0.1:8080", false),
            ("https://[::1]", false),
            ("nonsense", false),
        ] {
            assert_eq!(Passkeys::at(url).are_possible(), possible, "{url}");
        }
    }

    #[test]
    fn a_device_is_asked_to_verify_its_user_and_to_keep_the_key() {
        let here = Passkeys::at("https://trellis.example.org");
        let asked = here.ask_to_register(Uuid::from_u128(1), ("jo@example.org", "Jo"), Vec::new()).unwrap();
        let selection = &asked.options["publicKey"]["authenticatorSelection"];
        assert_eq!(selection["userVerification"], "required");
        assert_eq!(selection["residentKey"], "preferred");
        assert_eq!(asked.options["publicKey"]["rp"]["id"], "trellis.example.org");
        let anybody = here.ask_anybody().unwrap();
        assert_eq!(anybody.options["publicKey"]["userVerification"], "required");
        assert!(anybody.options["mediation"].is_null());
        assert_ne!(
            anybody.options["publicKey"]["challenge"],
            here.ask_anybody().unwrap().options["publicKey"]["challenge"]
        );
    }

    #[test]
    fn an_answer_that_is_none_is_refused() {
        let here = Passkeys::at("https://trellis.example.org");
        let asked = here.ask_to_register(Uuid::from_u128(1), ("jo@example.org", "Jo"), Vec::new()).unwrap();
        for answer in ["", "{}", "[]", &"x".repeat(100_000)] {
            assert_eq!(here.registered(answer, asked.state.clone()).err(), Some(PasskeyError::Refused));
        }
    }
}
