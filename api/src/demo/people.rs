//! Six hundred people who do not exist: NHS numbers from the range for tests (999), numbers for drama,
//! example.org, and wishes about contact as people have them.

use jiff::ToSpan;
use jiff::civil::Date;
use trellis_domain::kernel::{EmailAddress, Line, NhsNumber, Postcode, Redacted};
use trellis_domain::person::{Channel, Format, Identity, Preferences};
use trellis_domain::referral::brief::AccessNeed;

use super::dice::Dice;
use super::error::DemoError;
use super::names::{FAMILY, GIVEN, INTERPRETERS, STREETS};
use super::region::{TOWNS, Town};

#[derive(Debug, Clone)]
pub(crate) struct PersonPlan {
    pub(crate) identity: Identity,
    pub(crate) preferences: Preferences,
    pub(crate) access_needs: Vec<AccessNeed>,
    pub(crate) birth: Option<Date>,
    pub(crate) town: Town,
}

/// Numbers from 999 000 0000 on that check, each once, in an order that does not show.
pub(crate) fn nhs_numbers() -> impl Iterator<Item = NhsNumber> {
    let body = |step: u32| 999_000_000 + step.wrapping_mul(7_919) % 1_000_000;
    let checked =
        move |step| (0..10).find_map(|digit| NhsNumber::parse(&format!("{}{digit}", body(step))).ok());
    (1..100_000).filter_map(checked)
}

/// `number` is unique in the region; `today` sets the ages.
pub(crate) fn person(dice: &mut Dice, number: NhsNumber, today: Date) -> Result<PersonPlan, DemoError> {
    let (given, family) = (dice.word(GIVEN), dice.word(FAMILY));
    let town = dice.pick(&TOWNS, TOWNS[0]);
    let birth = birth(dice, today);
    let preferences = preferences(dice)?;
    let reaches = |channel| preferences.channels.contains(&channel);
    let has_phone = reaches(Channel::Phone) || reaches(Channel::Text);
    let email = (reaches(Channel::Email) || dice.percent(20)).then(|| {
        let tail = number.as_str().get(6..).unwrap_or_default();
        EmailAddress::parse(&format!("{given}.{family}{tail}@example.org"))
    });
    // People without a fixed address are people too (A4).
    let housed = !dice.percent(2);
    let identity = Identity {
        given_name: redacted(given)?,
        family_name: redacted(family)?,
        birth_date: birth.map(Redacted::new),
        nhs_number: (!dice.percent(6)).then_some(number),
        phone: has_phone.then(|| redacted(&phone(dice, reaches(Channel::Text)))).transpose()?,
        email: email.transpose().map_err(DemoError::made("e-mail address"))?,
        address: housed.then(|| address(dice, &town)).transpose()?,
        postcode: housed.then(|| postcode(dice, &town)).transpose()?,
    };
    let access_needs = access_needs(dice, birth, today, &preferences);
    Ok(PersonPlan { identity, preferences, access_needs, birth, town })
}

fn redacted(text: &str) -> Result<Redacted<Line>, DemoError> {
    Line::parse(text).map(Redacted::new).map_err(DemoError::made("line of text"))
}

/// More old people than young ones, as link workers meet them; of a few the date is not known.
fn birth(dice: &mut Dice, today: Date) -> Option<Date> {
    let (from, to) = dice.weighted(
        &[(3, (16, 24)), (10, (25, 39)), (20, (40, 59)), (32, (60, 74)), (28, (75, 88)), (7, (89, 97))],
        (60, 74),
    );
    let (years, days) = (dice.between(from, to), dice.between(0, 364));
    let unknown = dice.percent(2);
    let birth = today.checked_sub(years.years()).and_then(|day| day.checked_sub(days.days())).ok();
    birth.filter(|_| !unknown)
}

/// Ofcom's numbers for drama: mobiles 07700 900 000 to 999, landlines 01632 960 000 to 999.
fn phone(dice: &mut Dice, mobile: bool) -> String {
    let tail = dice.between(0, 999);
    if mobile || dice.percent(55) { format!("07700 900{tail:03}") } else { format!("01632 960{tail:03}") }
}

fn address(dice: &mut Dice, town: &Town) -> Result<Redacted<Line>, DemoError> {
    let house = dice.between(1, 89);
    redacted(&format!("{house} {}, {}", dice.word(STREETS), town.name))
}

fn postcode(dice: &mut Dice, town: &Town) -> Result<Postcode, DemoError> {
    let unit =
        dice.word(&["AB", "AD", "BH", "DE", "EF", "GH", "HJ", "LN", "NP", "QR", "ST", "TW", "XY", "ZZ"]);
    let text = format!("{} {}{unit}", town.outcode, dice.between(0, 9));
    Postcode::parse(&text).map_err(DemoError::made("postcode"))
}

fn preferences(dice: &mut Dice) -> Result<Preferences, DemoError> {
    use Channel::{Email, Letter, Phone, Text, Visit};
    let channels: &[Channel] = dice.weighted(
        &[
            (42, &[Phone][..]),
            (14, &[Phone, Text]),
            (12, &[Text, Phone]),
            (8, &[Email, Phone]),
            (5, &[Email]),
            (9, &[Letter]),
            (6, &[Phone, Letter]),
            (4, &[Visit]),
        ],
        &[Phone],
    );
    let format = dice.weighted(
        &[
            (86, Format::Standard),
            (7, Format::LargePrint),
            (3, Format::EasyRead),
            (1, Format::Braille),
            (1, Format::Audio),
            (2, Format::Bsl),
        ],
        Format::Standard,
    );
    let safe_times = dice.percent(15).then(|| {
        dice.word(&[
            "after 2pm",
            "mornings only",
            "not on Tuesdays",
            "before 11am",
            "after 6pm",
            "weekdays, 10 to 4",
        ])
    });
    let interpreter = dice.percent(7).then(|| dice.weighted(INTERPRETERS, "pl"));
    let line =
        |text: Option<&str>| text.map(Line::parse).transpose().map_err(DemoError::made("line of text"));
    Ok(Preferences {
        channels: channels.to_vec(),
        no_voicemail: dice.percent(13),
        safe_times: line(safe_times)?,
        format,
        interpreter: line(interpreter)?,
    })
}

fn access_needs(dice: &mut Dice, birth: Option<Date>, today: Date, wishes: &Preferences) -> Vec<AccessNeed> {
    let old = birth.is_some_and(|birth| today.year() - birth.year() >= 75);
    let chances = [
        (AccessNeed::StepFree, if old { 40 } else { 8 }),
        (AccessNeed::HearingLoop, if old { 22 } else { 3 }),
        (AccessNeed::Transport, if old { 30 } else { 10 }),
        (AccessNeed::SomeoneToComeAlong, 14),
        (AccessNeed::Quiet, 6),
    ];
    let mut needs: Vec<AccessNeed> =
        chances.into_iter().filter(|(_, chance)| dice.percent(*chance)).map(|(need, _)| need).collect();
    match &wishes.interpreter {
        Some(language) if language.as_str() == "bfi" => needs.push(AccessNeed::Bsl),
        Some(_) => needs.push(AccessNeed::Interpreter),
        None => {}
    }
    needs
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn made(seed: u64) -> Vec<PersonPlan> {
        let mut dice = Dice::new(seed, 1);
        let today = jiff::civil::date(2026, 11, 23);
        nhs_numbers().take(600).map(|number| person(&mut dice, number, today).unwrap()).collect()
    }

    #[test]
    fn nhs_numbers_are_valid_unique_and_from_the_range_for_tests() {
        let numbers: BTreeSet<String> = nhs_numbers().take(2_000).map(String::from).collect();
        assert_eq!(numbers.len(), 2_000);
        assert!(numbers.iter().all(|number| number.starts_with("999") && NhsNumber::parse(number).is_ok()));
    }

    #[test]
    fn the_same_seed_makes_the_same_people_and_another_seed_others() {
        let names = |seed| made(seed).iter().map(|p| p.identity.full_name()).collect::<Vec<_>>();
        assert_eq!(names(7), names(7));
        assert_ne!(names(7), names(8));
    }

    #[test]
    fn nobody_can_be_reached_for_real_and_wishes_can_be_met() {
        for person in made(7) {
            let Identity { phone, email, address, .. } = &person.identity;
            let drama = |text: &str| text.starts_with("07700 900") || text.starts_with("01632 960");
            assert!(phone.as_ref().is_none_or(|phone| drama(phone.reveal().as_str())));
            assert!(email.as_ref().is_none_or(|email| email.as_str().ends_with("@example.org")));
            let wants = |channel| person.preferences.channels.contains(&channel);
            assert!(phone.is_some() || !(wants(Channel::Phone) || wants(Channel::Text)));
            assert!(email.is_some() || !wants(Channel::Email));
            assert!(address.is_some() || person.identity.postcode.is_none());
        }
    }

    #[test]
    fn every_way_and_form_of_contact_is_somebodys() {
        let people = made(7);
        for format in Format::ALL {
            assert!(people.iter().any(|p| p.preferences.format == *format), "{format}");
        }
        for channel in Channel::ALL {
            assert!(people.iter().any(|p| p.preferences.channels.first() == Some(channel)), "{channel}");
        }
        assert!(people.iter().any(|p| p.preferences.interpreter.is_some() && p.preferences.no_voicemail));
    }
}
