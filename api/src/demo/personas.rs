//! The file by which visitors, scripts and tests find their way in. Demo only: it holds passwords.

use std::fmt;
use std::io::Write;
use std::path::Path;

use rand::Rng;
use rand::seq::IndexedRandom;
use serde::{Deserialize, Serialize};

use super::error::DemoError;
use super::organisations::ORGANISATIONS;
use super::staff::{STAFF, StaffPlan};

/// Somebody a visitor can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    pub key: String,
    pub name: String,
    pub role: String,
    pub organisation: String,
    pub email: String,
    pub password: String,
}

/// Where the demo is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    pub url: String,
    pub graphql: String,
    pub mailbox: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonasFile {
    #[serde(flatten)]
    pub addresses: Addresses,
    pub personas: Vec<Persona>,
    /// A partner's client; there is none yet.
    pub partner: Option<serde_json::Value>,
}

impl PersonasFile {
    pub fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }

    /// Whole or not at all, and for this user's eyes only.
    pub fn write(&self, path: &Path) -> Result<(), DemoError> {
        let text = serde_json::to_vec_pretty(self).map_err(std::io::Error::other)?;
        let beside = path.with_extension("json.new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(&text)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        Ok(std::fs::rename(&beside, path)?)
    }
}

/// For people: where it is, and who they can be.
impl fmt::Display for PersonasFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Addresses { url, graphql, mailbox } = &self.addresses;
        writeln!(f, "\nTrellis is running with made-up data.\n")?;
        writeln!(f, "  pages    {url}\n  GraphQL  {graphql}\n  e-mails  {mailbox}\n")?;
        writeln!(f, "Sign in as")?;
        for persona in &self.personas {
            let Persona { name, role, organisation, email, password, .. } = persona;
            let role = role.replace('_', " ");
            writeln!(f, "  {name:<18} {role:<20} {organisation}\n  {:<18} {email}   {password}", "")?;
        }
        write!(
            f,
            "\nTrellis is not an urgent or monitored service, not a clinical record and not a medical device."
        )
    }
}

/// The personas with new passwords, which no other clone has.
pub(super) fn personas() -> Vec<Persona> {
    let persona = |staff: &StaffPlan| {
        let organisation = staff.organisation.and_then(|at| ORGANISATIONS.get(at));
        Some(Persona {
            key: staff.key?.to_owned(),
            name: staff.name.to_owned(),
            role: staff.roles.first().map(|role| role.code().to_owned())?,
            organisation: organisation.map_or("North Vale", |organisation| organisation.name).to_owned(),
            email: staff.email(),
            password: password(),
        })
    };
    STAFF.iter().filter_map(persona).collect()
}

const WORDS: &[&str] = &[
    "amber", "barley", "basket", "beacon", "birch", "brook", "candle", "cedar", "clover", "copper", "cradle",
    "ember", "fennel", "ferry", "garnet", "ginger", "harbour", "hazel", "heron", "juniper", "kettle",
    "ladder", "lantern", "linen", "maple", "meadow", "nettle", "orchard", "otter", "pebble", "pepper",
    "plover", "quarry", "ribbon", "saddle", "sparrow", "thimble", "timber", "velvet", "walnut", "willow",
    "window",
];

/// Easy to read out, and long enough: four words and four digits, by the operating system's randomness.
pub(super) fn password() -> String {
    let mut rng = rand::rng();
    let mut parts: Vec<String> =
        (0..4).filter_map(|_| WORDS.choose(&mut rng).map(|word| (*word).to_owned())).collect();
    parts.push(format!("{:04}", rng.random_range(0..10_000)));
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_persona_has_a_long_password_of_its_own() {
        let personas = personas();
        let keys: Vec<&str> = personas.iter().map(|persona| persona.key.as_str()).collect();
        assert_eq!(keys, ["sam", "osei", "bea", "ravi", "pat", "kit", "lena", "cora"]);
        for persona in &personas {
            assert!(persona.password.len() >= 15, "{}", persona.key);
            assert_eq!(personas.iter().filter(|other| other.password == persona.password).count(), 1);
        }
    }

    #[test]
    fn the_file_has_the_documented_shape_and_reads_back() {
        let addresses = Addresses {
            url: "http://127.0.0.1:8080".into(),
            graphql: "http://127.0.0.1:8080/graphql".into(),
            mailbox: "http://127.0.0.1:8080/demo/mailbox".into(),
        };
        let file = PersonasFile { addresses, personas: personas(), partner: None };
        let folder = std::env::temp_dir().join(format!("trellis-personas-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("personas.json");
        file.write(&path).unwrap();
        let plain: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(PersonasFile::read(&path), Some(file));
        assert!(plain["url"].is_string() && plain["partner"].is_null());
        assert_eq!(plain["personas"][0]["key"], "sam");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
