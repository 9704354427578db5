//! What a new password must be: long, not common, not made of the words that surround its owner.
//! It refuses to ask for capitals, digits or regular changes, which make passwords worse.

use trellis_domain::kernel::folded_words;

/// Of one that stands alone.
pub const SHORTEST_PASSWORD: usize = 15;
/// Of one beside which there is a second factor.
pub const SHORTEST_BESIDE_ANOTHER: usize = 8;
pub const LONGEST_PASSWORD: usize = 256;

/// Long enough to be accepted by length, and guessed first all the same; one a line, folded.
const COMMON: &str = include_str!("common_passwords.txt");
const PRODUCT_WORDS: &[&str] = &["trellis", "social prescribing", "link worker", "referral", "password"];
const FEWEST_LETTERS: usize = 5;
/// So much must remain once the words around the owner are taken out.
const LEAST_REMAINDER: usize = 8;
const LEAST_REMAINDER_BESIDE_ANOTHER: usize = 5;
const SHORTEST_CONTEXT_WORD: usize = 3;
const SHORTEST_SECRET: usize = 16;
const FEWEST_IN_A_SECRET: usize = 8;

#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum PasswordRefusal {
    #[error("password is too short")]
    TooShort { least: usize },
    #[error("password is longer than {LONGEST_PASSWORD} characters")]
    TooLong,
    #[error("password is among the most common")]
    TooCommon,
    #[error("password is made of names that are easily guessed")]
    Guessable,
}

/// What a password has beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordStands {
    Alone,
    BesideAnother,
}

impl PasswordStands {
    const fn shortest(self) -> usize {
        match self {
            Self::Alone => SHORTEST_PASSWORD,
            Self::BesideAnother => SHORTEST_BESIDE_ANOTHER,
        }
    }

    const fn least_remainder(self) -> usize {
        match self {
            Self::Alone => LEAST_REMAINDER,
            Self::BesideAnother => LEAST_REMAINDER_BESIDE_ANOTHER,
        }
    }
}

/// Too short to stand alone.
pub fn is_short(password: &str) -> bool {
    password.chars().count() < SHORTEST_PASSWORD
}

/// `context`: the words near the owner, such as their name, address, organisation and network.
pub fn check_new_password(
    password: &str,
    context: &[&str],
    stands: PasswordStands,
) -> Result<(), PasswordRefusal> {
    let length = password.chars().count();
    if length < stands.shortest() {
        return Err(PasswordRefusal::TooShort { least: stands.shortest() });
    }
    if length > LONGEST_PASSWORD {
        return Err(PasswordRefusal::TooLong);
    }
    let folded = folded_words(password).concat();
    let different: std::collections::BTreeSet<char> = folded.chars().collect();
    if is_common(&folded) || different.len() < FEWEST_LETTERS {
        return Err(PasswordRefusal::TooCommon);
    }
    if without_context(&folded, context).chars().count() < stands.least_remainder() {
        return Err(PasswordRefusal::Guessable);
    }
    Ok(())
}

/// A secret that a machine keeps: nobody has to remember it, so it is long and random.
pub fn is_weak_secret(secret: &str) -> bool {
    let folded = folded_words(secret).concat();
    let different: std::collections::BTreeSet<char> = secret.chars().collect();
    secret.chars().count() < SHORTEST_SECRET
        || different.len() < FEWEST_IN_A_SECRET
        || is_common(&folded)
        || without_context(&folded, &[]).chars().count() < LEAST_REMAINDER
}

fn is_common(folded: &str) -> bool {
    let stem = folded.trim_end_matches(|letter: char| letter.is_ascii_digit());
    COMMON.lines().any(|common| common == folded || common == stem)
}

fn without_context(folded: &str, context: &[&str]) -> String {
    let mut words: Vec<String> = context
        .iter()
        .chain(PRODUCT_WORDS)
        .flat_map(|phrase| {
            let words = folded_words(phrase);
            let joined = words.concat();
            words.into_iter().chain([joined])
        })
        .filter(|word| word.chars().count() >= SHORTEST_CONTEXT_WORD)
        .collect();
    // Longest first, or "north" would leave "vale" of "northvale" standing.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.iter().fold(folded.to_owned(), |rest, word| rest.replace(word.as_str(), ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: &[&str] = &["Jo Park", "jo.park@example.org", "North Vale"];

    fn checked(password: &str) -> Result<(), PasswordRefusal> {
        check_new_password(password, CONTEXT, PasswordStands::Alone)
    }

    #[test]
    fn a_long_phrase_is_accepted_whatever_it_is_made_of() {
        for password in
            ["seven quiet otters", "ünïcödé wörds ärë fine", "correct north paper lamp", "9f8Gk2#mQz7!pLw"]
        {
            assert_eq!(checked(password), Ok(()), "{password}");
        }
        assert_eq!(checked(&"ab cd ef gh ".repeat(20)), Ok(()));
    }

    #[test]
    fn length_counts_characters_and_has_two_ends() {
        assert_eq!(checked("fourteen chars"), Err(PasswordRefusal::TooShort { least: 15 }));
        assert_eq!(checked("éèêëàâäôöûüçñ!"), Err(PasswordRefusal::TooShort { least: 15 }));
        assert_eq!(checked(&"seven quiet otters ".repeat(14)), Err(PasswordRefusal::TooLong));
    }

    #[test]
    fn common_passwords_are_refused_however_they_are_dressed() {
        for password in [
            "passwordpassword",
            "Password Password",
            "PASSWORD-PASSWORD2026!",
            "123456789012345",
            "aaaaaaaaaaaaaaaaaa",
        ] {
            assert_eq!(checked(password), Err(PasswordRefusal::TooCommon), "{password}");
        }
    }

    #[test]
    fn words_around_the_owner_do_not_make_a_password() {
        for password in
            ["NorthVale-Trellis-26", "jo.park@example.org", "Park Park Park 1234", "trellis referral 99"]
        {
            assert_eq!(checked(password), Err(PasswordRefusal::Guessable), "{password}");
        }
    }

    #[test]
    fn beside_a_second_factor_a_shorter_one_does_if_nobody_guesses_it_first() {
        let beside = |password: &str| check_new_password(password, CONTEXT, PasswordStands::BesideAnother);
        assert_eq!(beside("k7 otter"), Ok(()));
        assert_eq!(beside("k7 otte"), Err(PasswordRefusal::TooShort { least: 8 }));
        for common in ["password", "Iloveyou1", "sunshine", "Football99", "qwertyuiop", "liverpool"] {
            assert_eq!(beside(common), Err(PasswordRefusal::TooCommon), "{common}");
        }
        assert_eq!(beside("NorthVale1"), Err(PasswordRefusal::Guessable));
        assert!(is_short("fourteen chars") && !is_short("fifteen letters"));
    }

    #[test]
    fn the_shipped_list_is_folded_long_enough_and_without_repeats() {
        let mut seen = std::collections::BTreeSet::new();
        for line in COMMON.lines() {
            assert_eq!(folded_words(line).concat(), line);
            assert!(seen.insert(line), "{line} twice");
        }
        assert!(seen.len() >= 3_000, "{}", seen.len());
    }
}
