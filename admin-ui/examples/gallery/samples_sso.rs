//! Signing in with an organisation's provider.
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::pages::sso::{
    AdminSignIn, ConnectIdentity, Connected, Connections, Known, ToProvider, Typed, WithProvider,
};
use trellis_admin_ui::parts::Errors;

use super::{Ink, Sample, day, sample};

pub fn all(ink: Ink) -> Vec<Sample> {
    let ask = |errors: Errors| WithProvider { chrome: ink.signed_out(), errors, name: ink.say("north vale") };
    let connect = |login: Option<String>| ConnectIdentity {
        chrome: ink.signed_out(),
        provider: ink.say("North Vale staff account"),
        shown: ink.some("sam@example.org"),
        login,
        action: "/sign-in/with/vale-links/connect".to_owned(),
        sign_in: "/sign-in?then=/sign-in/with/vale-links/connect".to_owned(),
    };
    let connections = |connected: Vec<Connected>| Connections {
        chrome: ink.chrome(Section::Today),
        done: ink.some("Removed."),
        refusal: Some((ink.say("A fresh sign-in is needed."), ink.say("Sign in again."))),
        connected,
        connect: Some("/sign-in/with/vale-links".to_owned()),
    };
    let one = |last_used| Connected {
        issuer: ink.say("https://login.example.org"),
        name: ink.say("North Vale staff account"),
        since: day(10, 2),
        last_used,
    };
    vec![
        sample("with-provider", &ask(Errors::default())),
        sample("to-provider", &ToProvider { chrome: ink.signed_out(), href: "#main".to_owned() }),
        sample("with-provider--error", &ask(ink.errors(&[("name", "Enter the short name")]))),
        sample("connect-identity", &connect(ink.some("Sam Okoro"))),
        sample("connect-identity--signed-out", &connect(None)),
        sample("connections", &connections(vec![one(Some(day(11, 3))), one(None)])),
        sample("connections--none", &connections(Vec::new())),
        sample("admin-sign-in", &admin(ink, (Errors::default(), true))),
        sample("admin-sign-in--error", &admin(ink, (ink.errors(&[("issuer", "Check the address")]), false))),
    ]
}

fn admin(ink: Ink, (errors, known): (Errors, bool)) -> AdminSignIn {
    AdminSignIn {
        chrome: ink.chrome(Section::Today),
        errors,
        done: ink.some("Saved."),
        refusal: None,
        found: ink.list(&["People type their password at login.example.org.", "Keys it signs with: 2."]),
        known: known.then(|| Known {
            id: "idp_1".to_owned(),
            version: "2".to_owned(),
            enabled: true,
            back_address: "https://trellis.example.org/sign-in/with/vale-links/callback".to_owned(),
            sign_in_path: "/sign-in/with/vale-links".to_owned(),
        }),
        typed: Typed {
            name: ink.say("North Vale staff account"),
            short_name: ink.say("vale-links"),
            issuer: ink.say("https://login.example.org"),
            client_id: ink.say("trellis"),
            scopes: ink.say("email"),
            strong_acr: String::new(),
            strong_amr: ink.say("mfa"),
        },
        submission: "key-1".to_owned(),
    }
}
