//! What two records have in common, and whether that makes them probably of one person (P1). It finds; a worker decides.
//! It compares only what both sides may be compared by: what the level of an access does not show is not compared either,
//! or it could be guessed by trying.

use jiff::civil::{Date, date};
use rphonetic::{DoubleMetaphone, Encoder};

use super::{AccessLevel, Identity};
use crate::define_codes;
use crate::kernel::folded_words;

define_codes! {
    /// One thing in common, the strongest first.
    Likeness {
        SameNumber = "same_number", "Same NHS number";
        SameName = "same_name", "Same name";
        SimilarName = "similar_name", "Similar name";
        SameBirthDate = "same_birth_date", "Same date of birth";
        SimilarBirthDate = "similar_birth_date", "Similar date of birth";
        SamePostcode = "same_postcode", "Same postcode";
    }
}

/// From this on, two words are a slip of the pen apart (Winkler 1990: 1 is the same, 0 has nothing in common).
const ALIKE: f64 = 0.88;

impl Identity {
    /// As an organisation with this access may compare it: birth date and NHS number need the whole record.
    #[must_use]
    pub fn as_seen_with(self, level: AccessLevel) -> Self {
        if level == AccessLevel::Full {
            return self;
        }
        Self { birth_date: None, nhs_number: None, ..self }
    }

    /// What both have in common. Empty where nothing makes them probably one person.
    pub fn likeness(&self, other: &Self) -> Vec<Likeness> {
        match (&self.nhs_number, &other.nhs_number) {
            (Some(one), Some(two)) if one == two => {}
            // Each has been checked by its last digit: two numbers are two people.
            (Some(_), Some(_)) => return Vec::new(),
            _ if !self.is_probably(other) => return Vec::new(),
            _ => {}
        }
        let number = self.nhs_number.is_some() && self.nhs_number == other.nhs_number;
        let all = [
            number.then_some(Likeness::SameNumber),
            self.name_like(other),
            self.birth_like(other),
            self.same_postcode(other).then_some(Likeness::SamePostcode),
        ];
        all.into_iter().flatten().collect()
    }

    /// Two of name, date of birth and postcode; of the name a part is enough where both others agree: people marry, and are
    /// called by another name. A date of birth that is known of both and is another stands against it.
    fn is_probably(&self, other: &Self) -> bool {
        let (name, birth, postcode) =
            (self.name_like(other), self.birth_like(other), self.same_postcode(other));
        let other_birth = birth.is_none() && self.birth_date.is_some() && other.birth_date.is_some();
        match (name, birth) {
            (Some(_), Some(_)) => true,
            (Some(_), None) => postcode && !other_birth,
            (None, Some(Likeness::SameBirthDate)) => postcode && self.shares_a_name(other),
            _ => false,
        }
    }

    fn name_like(&self, other: &Self) -> Option<Likeness> {
        let ((given, family), (other_given, other_family)) = (self.names(), other.names());
        let same = |one: &str, two: &str| one == two;
        if both(same, (&given, &family), (&other_given, &other_family)) {
            return Some(Likeness::SameName);
        }
        both(words_alike, (&given, &family), (&other_given, &other_family)).then_some(Likeness::SimilarName)
    }

    fn shares_a_name(&self, other: &Self) -> bool {
        let ((given, family), (other_given, other_family)) = (self.names(), other.names());
        words_alike(&given, &other_given) || words_alike(&family, &other_family)
    }

    /// Folded, without what separates double names.
    fn names(&self) -> (String, String) {
        let folded = |name: &str| folded_words(name).concat();
        (folded(self.given_name.reveal().as_str()), folded(self.family_name.reveal().as_str()))
    }

    fn birth_like(&self, other: &Self) -> Option<Likeness> {
        let (one, two) = (self.birth_date.as_ref()?.reveal(), other.birth_date.as_ref()?.reveal());
        if one == two {
            return Some(Likeness::SameBirthDate);
        }
        births_alike(*one, *two).then_some(Likeness::SimilarBirthDate)
    }

    fn same_postcode(&self, other: &Self) -> bool {
        self.postcode.as_ref().is_some_and(|postcode| !postcode.is_pseudo())
            && self.postcode == other.postcode
    }
}

/// In the order as written, or with first and last name changed round.
fn both(alike: impl Fn(&str, &str) -> bool, one: (&str, &str), two: (&str, &str)) -> bool {
    (alike(one.0, two.0) && alike(one.1, two.1)) || (alike(one.0, two.1) && alike(one.1, two.0))
}

/// A slip of the pen apart, or the same by ear. A sound of one or two letters says nothing.
fn words_alike(one: &str, two: &str) -> bool {
    if one.is_empty() || two.is_empty() {
        return false;
    }
    if one == two || strsim::jaro_winkler(one, two) >= ALIKE {
        return true;
    }
    let sounds = DoubleMetaphone::default();
    let (heard, other) = (sounds.encode(one), sounds.encode(two));
    heard.len() > 2 && heard == other
}

/// Day and month changed round, or one digit of the date mistyped.
fn births_alike(one: Date, two: Date) -> bool {
    let changed_round = turned(one) == Some(two);
    let (one, two) = (one.to_string(), two.to_string());
    changed_round || strsim::hamming(&one, &two).is_ok_and(|apart| apart == 1)
}

/// The same date with day and month changed round, where there is one.
pub fn turned(birth: Date) -> Option<Date> {
    let (day, month) = (birth.day(), birth.month());
    (day <= 12 && day != month).then(|| date(birth.year(), day, month))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Line, NhsNumber, Postcode, Redacted};

    const NUMBER: &str = "9990000018";
    const ANOTHER: &str = "9990000026";

    fn somebody(name: &str, born: &str, postcode: &str, number: &str) -> Identity {
        let (given, family) = name.rsplit_once(' ').unwrap();
        let line = |text: &str| Redacted::new(Line::parse(text).unwrap());
        Identity {
            given_name: line(given),
            family_name: line(family),
            birth_date: born.parse().ok().map(Redacted::new),
            nhs_number: NhsNumber::parse(number).ok(),
            phone: None,
            email: None,
            address: None,
            postcode: Postcode::parse(postcode).ok(),
        }
    }

    fn like(one: &Identity, two: &Identity) -> Vec<Likeness> {
        let there = one.likeness(two);
        assert_eq!(there, two.likeness(one), "it is the same either way round");
        there
    }

    /// Fixtures of near matches: who is found, and by what.
    #[test]
    fn the_same_person_is_found_however_they_were_written_down() {
        let jo = somebody("Siân Catherine O'Brien", "1959-05-04", "LA9 4PU", "");
        let near = [
            ("SIAN CATHERINE OBRIEN", "1959-05-04", "", Likeness::SameName),
            ("Sian Catherine O’Brian", "1959-05-04", "", Likeness::SimilarName),
            ("Shân Katherine O'Bryen", "1959-05-04", "", Likeness::SimilarName),
            ("Siân Catherine O'Brien", "1959-04-05", "", Likeness::SimilarBirthDate),
            ("Siân Catherine O'Brien", "1958-05-04", "", Likeness::SimilarBirthDate),
            ("Siân Catherine O'Brien", "", "LA9 4PU", Likeness::SamePostcode),
            // married since
            ("Siân Catherine Winterbottom", "1959-05-04", "LA9 4PU", Likeness::SameBirthDate),
        ];
        for (name, born, postcode, by) in near {
            let other = somebody(name, born, postcode, "");
            let found = like(&jo, &other);
            assert!(found.contains(&by), "{name} {born}: {found:?}");
        }
    }

    #[test]
    fn other_people_are_left_alone() {
        let jo = somebody("Jo Park", "1959-05-04", "LA9 4PU", "");
        for (name, born, postcode) in [
            ("Jo Park", "1984-11-23", "LA9 4PU"),
            ("Jo Park", "", ""),
            ("Amina Khan", "1959-05-04", "LA9 4PU"),
            ("Jo Park", "", "LA9 4PX"),
            ("Amina Khan", "1959-05-04", ""),
            ("Ann Park", "1985-05-04", "LA9 4PU"),
        ] {
            assert_eq!(like(&jo, &somebody(name, born, postcode, "")), [], "{name} {born} {postcode}");
        }
    }

    #[test]
    fn first_and_last_name_may_be_changed_round() {
        let (jo, turned) =
            (somebody("Jo Park", "1959-05-04", "", ""), somebody("Park Jo", "1959-05-04", "", ""));
        assert_eq!(like(&jo, &turned), [Likeness::SameName, Likeness::SameBirthDate]);
    }

    #[test]
    fn to_have_no_address_is_nothing_in_common() {
        let jo = somebody("Jo Park", "", "ZZ99 3VZ", "");
        assert_eq!(like(&jo, &jo.clone()), []);
    }

    #[test]
    fn one_number_is_one_person_and_two_numbers_are_two() {
        let jo = somebody("Jo Park", "1959-05-04", "LA9 4PU", NUMBER);
        let renamed = somebody("Joanna Smith", "", "", NUMBER);
        assert_eq!(like(&jo, &renamed), [Likeness::SameNumber]);
        let twin = somebody("Jo Park", "1959-05-04", "LA9 4PU", ANOTHER);
        assert_eq!(like(&jo, &twin), []);
        let unknown = somebody("Jo Park", "1959-05-04", "LA9 4PU", "");
        assert_eq!(
            like(&jo, &unknown),
            [Likeness::SameName, Likeness::SameBirthDate, Likeness::SamePostcode]
        );
    }

    #[test]
    fn what_is_not_shared_is_not_compared() {
        let jo = somebody("Jo Park", "1959-05-04", "", NUMBER);
        for level in [AccessLevel::Identity, AccessLevel::Limited] {
            assert_eq!(like(&jo, &jo.clone().as_seen_with(level)), [], "{level}");
        }
        assert!(!like(&jo, &jo.clone().as_seen_with(AccessLevel::Full)).is_empty());
    }
}
