//! The second half of a sign-in, setting up an app, recovery codes, proving again, and your account.
use trellis_admin_ui::chrome::Section;
use trellis_admin_ui::pages::account::{
    Account, Device, Key, Prove, RecoveryCodes, SecondFactor, SetUpApp, Ways,
};
use trellis_admin_ui::pages::mailed::{MailLink, MailSent, NewPassword, UseLink};
use trellis_admin_ui::parts::Errors;

use super::{Ink, Sample, day, sample};

/// One white square: what is drawn does not matter here.
const PICTURE: &str = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSIyNDAiIGhlaWdodD0iMjQwIj48cmVjdCB3aWR0aD0iMjQwIiBoZWlnaHQ9IjI0MCIgZmlsbD0iI2NjYyIvPjwvc3ZnPg==";

pub fn all(ink: Ink) -> Vec<Sample> {
    let mut samples = second(ink);
    samples.extend(account(ink));
    samples.extend(mailed(ink));
    samples
}

fn second(ink: Ink) -> Vec<Sample> {
    let ask = |errors: Errors, locked| SecondFactor {
        chrome: ink.signed_out(),
        errors,
        ways: Ways { authenticator: true, passkey: true, recovery_code: true },
        then: "/people".to_owned(),
        kept: String::new(),
        locked,
    };
    let wrong = ink.errors(&[("code", "Enter the 6 digits that your app shows now")]);
    let used = ink.errors(&[("recovery-code", "Enter a recovery code that was not used before")]);
    let set_up = |errors, required| SetUpApp {
        chrome: if required { ink.signed_out() } else { ink.chrome(Section::Today) },
        errors,
        required,
        secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned(),
        address: "otpauth://totp/Trellis:sam%40example.org?secret=GEZDGNBVGY3TQOJQ".to_owned(),
        picture: PICTURE.to_owned(),
        action: "/sign-in/set-up".to_owned(),
        then: String::new(),
        kept: String::new(),
    };
    let codes = |signing_in| RecoveryCodes {
        chrome: if signing_in { ink.signed_out() } else { ink.chrome(Section::Today) },
        codes: (0..10).map(|n| format!("MZXW-6YTB-OI7Q-AAB{n}-KRSX-G5CT")).collect(),
        signing_in,
        then: String::new(),
        kept: String::new(),
    };
    vec![
        sample("second-factor", &ask(Errors::default(), false)),
        sample("second-factor--error", &ask(wrong.clone(), false)),
        sample("second-factor--used", &ask(used, false)),
        sample("second-factor--locked", &ask(Errors::default(), true)),
        sample(
            "second-factor--passkey",
            &SecondFactor {
                ways: Ways { authenticator: false, passkey: true, recovery_code: true },
                ..ask(Errors::default(), false)
            },
        ),
        sample("set-up-app", &set_up(Errors::default(), true)),
        sample("set-up-app--error", &set_up(wrong, true)),
        sample("set-up-app--signed-in", &set_up(Errors::default(), false)),
        sample("recovery-codes", &codes(true)),
        sample("recovery-codes--signed-in", &codes(false)),
    ]
}

fn account(ink: Ink) -> Vec<Sample> {
    let key = |id: &str, name: &str| Key {
        id: id.to_owned(),
        name: ink.say(name),
        added: day(9, 3),
        used: Some(day(11, 4)),
    };
    let device = |id: &str, words: &str, current| Device {
        id: id.to_owned(),
        words: words.to_owned(),
        since: day(11, 3),
        seen: day(11, 6),
        acting_for: ink.say("North Vale Community Links"),
        current,
        second_factor: current,
    };
    let full = |errors: Errors| Account {
        chrome: ink.chrome(Section::Today),
        errors,
        name: ink.say("Sam Okoro"),
        email: ink.say("sam@example.org"),
        owner_proved: true,
        password_changed: Some(day(2, 3)),
        authenticator: Some(day(2, 3)),
        passkeys: vec![key("pky_1", "work laptop"), key("pky_2", "phone")],
        passkeys_possible: true,
        codes_left: 7,
        devices: vec![
            device("ses_1", "Firefox on Windows", true),
            device("ses_2", "Safari on iPhone", false),
        ],
    };
    let bare = Account {
        authenticator: None,
        passkeys: Vec::new(),
        passkeys_possible: false,
        codes_left: 0,
        devices: vec![device("ses_1", "Firefox on Windows", true)],
        ..full(Errors::default())
    };
    let weak = ink.errors(&[("new", "This password is among the first that anybody would try.")]);
    let prove = |errors: Errors| Prove {
        chrome: ink.chrome(Section::Today),
        errors,
        authenticator: true,
        passkey: true,
        then: "/account".to_owned(),
        kept: "name=x".to_owned(),
    };
    vec![
        sample("account", &full(Errors::default())),
        sample("account--bare", &bare),
        sample("account--provider", &of_a_provider(full(Errors::default()))),
        sample("account--error", &full(weak)),
        sample("prove", &prove(Errors::default())),
        sample(
            "prove--error",
            &prove(ink.errors(&[("password", "That did not prove it. Try again, or use another way")])),
        ),
    ]
}

/// Signed in by the word of an organisation's provider, and nothing else.
fn of_a_provider(full: Account) -> Account {
    Account {
        owner_proved: false,
        password_changed: None,
        authenticator: None,
        passkeys: Vec::new(),
        codes_left: 0,
        ..full
    }
}

fn mailed(ink: Ink) -> Vec<Sample> {
    let ask = |recovery, expired, errors| MailLink {
        chrome: ink.signed_out(),
        errors,
        recovery,
        expired,
        email: ink.say("sam@example.org"),
    };
    let new = |errors| NewPassword { chrome: ink.signed_out(), errors, action: "/recover/abc".to_owned() };
    let weak = ink.errors(&[("new", "This password is among the first that anybody would try.")]);
    vec![
        sample("mail-link", &ask(false, false, Errors::default())),
        sample("mail-link--expired", &ask(false, true, Errors::default())),
        sample(
            "mail-link--recovery-error",
            &ask(true, false, ink.errors(&[("email", "Enter your e-mail address")])),
        ),
        sample("mail-sent", &MailSent { chrome: ink.signed_out() }),
        sample("use-link", &UseLink { chrome: ink.signed_out(), action: "/sign-in/link/abc".to_owned() }),
        sample("new-password", &new(Errors::default())),
        sample("new-password--error", &new(weak)),
    ]
}
