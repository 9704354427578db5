//! The schema's code lists, and what people read for each. One word each, so that no two screens use two words for one thing.
//! A test holds it against `api/schema.graphql`. Refuses to know what follows from a code.
mod contact;
mod directory;
mod organisation;
mod person;
mod plan;
mod referral;
mod refusal;
mod security;

pub use contact::*;
pub use directory::*;
pub use organisation::*;
pub use person::*;
pub use plan::*;
pub use referral::*;
pub use refusal::*;
pub use security::*;

use crate::parts::Choice;

/// One value of a code list.
pub trait Code: Copy + PartialEq + Sized + 'static {
    const ALL: &'static [Self];
    fn code(self) -> &'static str;
    fn words(self) -> &'static str;

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.code() == text)
    }

    fn choice(self) -> Choice {
        Choice::new(self.code(), self.words())
    }

    /// Every value, with those picked that are given.
    fn choices(picked: &[Self]) -> Vec<Choice> {
        Self::ALL.iter().map(|code| code.choice().chosen(picked.contains(code))).collect()
    }
}

/// "Company, money and debt": a list as people say it.
pub fn spoken<C: Code>(codes: &[C]) -> String {
    let words: Vec<String> = codes.iter().map(|code| code.words().to_owned()).collect();
    let mut all = words.join(", ");
    if let Some(rest) = all.get(1..).map(str::to_lowercase) {
        let first = all.chars().next().map(String::from).unwrap_or_default();
        if first.is_ascii() {
            all = first + &rest;
        }
    }
    all
}

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal, $words:literal;)+ })+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
            pub enum $name { $(#[serde(rename = $code)] $variant),+ }

            impl $crate::codes::Code for $name {
                const ALL: &'static [Self] = &[$(Self::$variant),+];

                fn code(self) -> &'static str {
                    match self { $(Self::$variant => $code),+ }
                }

                fn words(self) -> &'static str {
                    match self { $(Self::$variant => $words),+ }
                }
            }
        )+

        #[cfg(test)]
        pub(super) const LISTS: &[(&str, &[&str])] = &[$((stringify!($name), &[$($code),+])),+];
    };
}

use codes;

#[cfg(test)]
mod tests {
    use super::*;

    fn lists() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
        let all = [
            contact::LISTS,
            directory::LISTS,
            organisation::LISTS,
            person::LISTS,
            plan::LISTS,
            referral::LISTS,
            refusal::LISTS,
            security::LISTS,
        ];
        all.into_iter().flatten().copied()
    }

    const SCHEMA: &str = include_str!("../../api/schema.graphql");

    /// The values of an enum of the schema, sorted.
    fn listed(name: &str) -> Vec<&'static str> {
        let (_, rest) = SCHEMA.split_once(&format!("enum {name} {{")).unwrap_or_else(|| panic!("no {name}"));
        let (inside, _) = rest.split_once('}').unwrap();
        let plain = inside.lines().filter(|line| !line.trim_start().starts_with(['#', '"']));
        let mut values: Vec<_> = plain.flat_map(str::split_whitespace).collect();
        values.sort_unstable();
        values
    }

    #[test]
    fn every_list_holds_what_the_schema_says_and_nothing_else() {
        for (name, codes) in lists() {
            let mut ours = codes.to_vec();
            ours.sort_unstable();
            assert_eq!(ours, listed(name), "{name}");
        }
    }

    #[test]
    fn every_list_of_the_schema_is_here() {
        let enums = SCHEMA.lines().filter_map(|line| line.strip_prefix("enum "));
        for name in enums.filter_map(|rest| rest.split_whitespace().next()) {
            assert!(lists().any(|(known, _)| known == name), "{name} has no words");
        }
    }

    #[test]
    fn a_list_is_said_as_a_sentence_starts() {
        assert_eq!(spoken(&[Need::Loneliness, Need::Money]), "Company, money and debt");
        assert_eq!(spoken::<Need>(&[]), "");
    }

    #[test]
    fn a_code_reads_back_and_anything_else_does_not() {
        assert_eq!(Need::parse("MONEY"), Some(Need::Money));
        assert_eq!(Need::parse("money"), None);
    }
}
