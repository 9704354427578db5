//! The form that refers somebody: what is asked, in words when it is missing, and the input it becomes. Each fault names its
//! field; all are said at once.
use jiff::civil::Date;

use super::fields::{Fields, real_day};
use super::refer::STATEMENT;
use crate::codes::{
    Code, ContactChannel, FeedbackChoice, HowGiven, InformationFormat, Need, ReferralRoute, RefusalCode, Risk,
};
use crate::documents::Refusal;
use crate::documents::people::possible_matches;
use crate::documents::refer::refer::{
    AgreementInput, IdentityInput, NewPersonInput, PreferencesInput, ReferInput,
};
use crate::pages::refer::{NewPerson, Reach};
use crate::parts::Errors;

/// A form in which nothing is missing.
#[derive(Debug, Clone)]
pub struct Draft {
    pub whom: Whom,
    needs: Vec<Need>,
    risk: Risk,
    how_given: HowGiven,
}

#[derive(Debug, Clone)]
pub enum Whom {
    Known(String),
    New { first_name: String, last_name: String, born: Option<Date>, way: ContactChannel },
}

pub fn read(form: &Fields) -> Result<Draft, Errors> {
    let mut errors = Errors::default();
    let whom = whom(form, &mut errors);
    let needs: Vec<Need> = form.codes("need");
    if needs.is_empty() {
        errors.push("need", "Tick at least one thing that would help");
    }
    let risk: Option<Risk> = form.code("risk");
    if risk.is_none() {
        errors.push("risk", "Say whether there is any risk");
    }
    if form.text("service").is_empty() {
        errors.push("service", "Choose who should get this referral");
    }
    let how_given: Option<HowGiven> = form.code("agreement");
    if how_given.is_none() {
        let message = match form.text("agreement") {
            "not-yet" => "We can only send it when they agree. Ask them first",
            _ => "Say whether they agree",
        };
        errors.push("agreement", message);
    }
    match (whom, risk, how_given) {
        (Some(whom), Some(risk), Some(how_given)) if errors.is_empty() => {
            Ok(Draft { whom, needs, risk, how_given })
        }
        _ => Err(errors),
    }
}

fn whom(form: &Fields, errors: &mut Errors) -> Option<Whom> {
    let same = form.some("same-person").filter(|answer| answer != "different");
    if let Some(id) = same.or_else(|| form.some("person")) {
        return Some(Whom::Known(id));
    }
    let (first_name, last_name) = (form.some("first-name"), form.some("last-name"));
    if first_name.is_none() {
        errors.push("first-name", "Enter their first name");
    }
    if last_name.is_none() {
        errors.push("last-name", "Enter their last name");
    }
    let born = real_day(&form.day("born"));
    if born.is_err() {
        errors.push("born", "Enter a date of birth that exists, such as 4 5 1959, or leave it empty");
    }
    let way: Option<ContactChannel> = form.code("way");
    match way {
        None => errors.push("way", "Choose how we should contact them"),
        Some(ContactChannel::Phone | ContactChannel::Text) if form.text("phone").is_empty() => {
            errors.push("phone", "Enter their phone number, or choose another way");
        }
        Some(ContactChannel::Email) if form.text("email").is_empty() => {
            errors.push("email", "Enter their e-mail address, or choose another way");
        }
        Some(_) => {}
    }
    Some(Whom::New { first_name: first_name?, last_name: last_name?, born: born.ok()?, way: way? })
}

/// What was typed about somebody new, right or wrong.
pub fn typed(form: &Fields) -> NewPerson {
    NewPerson {
        first_name: form.text("first-name").to_owned(),
        last_name: form.text("last-name").to_owned(),
        born: form.day("born"),
        postcode: form.text("postcode").to_owned(),
    }
}

/// Where to write or call, as typed. Unfolded when something is in it, or wrong.
pub fn reach(form: &Fields, errors: &Errors) -> Reach {
    let text = |name: &str| form.text(name).to_owned();
    let format: Option<InformationFormat> = form.code("format");
    let typed = ["phone", "email", "address", "safe-times", "interpreter"];
    let open = typed.iter().any(|name| !form.text(name).is_empty() || errors.of(name).is_some())
        || format.is_some_and(|format| format != InformationFormat::Standard);
    Reach {
        phone: text("phone"),
        email: text("email"),
        address: text("address"),
        safe_times: text("safe-times"),
        formats: InformationFormat::choices(&[format.unwrap_or(InformationFormat::Standard)]),
        interpreter: text("interpreter"),
        no_voicemail: form.text("voicemail") == "no",
        open,
    }
}

/// Whoever was picked among those who look like them is whom it is for.
pub fn settled(form: &Fields) -> Fields {
    let Some(picked) = form.some("same-person").filter(|answer| answer != "different") else {
        return form.clone();
    };
    let kept = form.pairs().iter().filter(|(name, _)| name != "same-person" && name != "not-same").cloned();
    Fields::of(kept.chain([("person".to_owned(), picked)]).collect())
}

/// Who somebody new is, to look for those who are alike.
pub fn identity(form: &Fields, draft: Draft) -> Option<possible_matches::IdentityInput> {
    let Whom::New { first_name, last_name, born, .. } = draft.whom else { return None };
    Some(possible_matches::IdentityInput {
        given_name: first_name,
        family_name: last_name,
        birth_date: born,
        nhs_number: form.some("nhs-number"),
        phone: None,
        email: None,
        address: None,
        postcode: form.some("postcode"),
    })
}

pub fn input(form: &Fields, draft: Draft) -> ReferInput {
    let (person_id, new_person) = match draft.whom {
        Whom::Known(id) => (Some(id), None),
        Whom::New { first_name, last_name, born, way } => {
            let identity = IdentityInput {
                given_name: first_name,
                family_name: last_name,
                birth_date: born,
                nhs_number: form.some("nhs-number"),
                phone: form.some("phone"),
                email: form.some("email"),
                address: form.some("address"),
                postcode: form.some("postcode"),
            };
            let preferences = PreferencesInput {
                channels: vec![way],
                no_voicemail: form.text("voicemail") == "no",
                safe_times: form.some("safe-times"),
                format: form.code("format").unwrap_or(InformationFormat::Standard),
                interpreter: form.some("interpreter"),
            };
            let not_the_same_as = form.all("not-same").into_iter().map(str::to_owned).collect();
            (None, Some(NewPersonInput { identity, preferences, not_the_same_as }))
        }
    };
    let agreement = AgreementInput {
        how_given: draft.how_given,
        statement: STATEMENT.to_owned(),
        language: "en-GB".to_owned(),
    };
    ReferInput {
        person_id,
        new_person,
        service_id: form.text("service").to_owned(),
        needs: draft.needs,
        access_needs: form.codes("access"),
        risk: draft.risk,
        route: ReferralRoute::Professional,
        feedback: form.code("feedback").unwrap_or(FeedbackChoice::All),
        what_matters: form.some("matters"),
        again: form.code("again"),
        agreement: Some(agreement),
        idempotency_key: form.some("submission"),
    }
}

/// A refusal, said beside the field it is about. What was not understood is said in our own words: the answer names
/// every field of the schema.
pub fn errors(said: &Refusal) -> Errors {
    let mut errors = Errors::default();
    let known = [
        ("nhsNumber", "who", "Check the NHS number: it has 10 digits, and these do not belong together"),
        ("givenName", "first-name", "Check the first name"),
        ("familyName", "last-name", "Check the last name"),
        ("birthDate", "born", "Enter a date of birth that is in the past"),
        ("postcode", "postcode", "Enter a whole postcode, such as ZZ99 3VZ, or leave it empty"),
        ("phone", "phone", "Check the phone number"),
        ("address", "address", "Shorten the address"),
        ("safeTimes", "safe-times", "Shorten the good times to call"),
        ("interpreter", "interpreter", "Shorten the language"),
        ("email", "email", "Enter an e-mail address like name@example.org"),
        ("whatMatters", "matters", "Shorten what matters to them"),
    ];
    if said.code == RefusalCode::InvalidInput {
        let named = |field: &str| {
            said.field.as_deref().is_some_and(|path| path.ends_with(field))
                || said.message.contains(&format!("{field}: "))
        };
        for (_, field, words) in known.iter().filter(|(name, ..)| named(name)) {
            errors.push(*field, *words);
        }
    }
    if errors.is_empty() {
        let field = match said.field.as_deref() {
            Some("serviceId") => "service",
            Some("agreement") => "agreement",
            Some("again") => "again",
            Some("identity.nhsNumber") => "who",
            _ => "need",
        };
        // What a program does next is not what somebody at a form does.
        let words = match said.code {
            RefusalCode::AskedAlready => {
                "Say why you ask once more, or open the referral there is".to_owned()
            }
            _ => format!("{} {}", said.message, said.next),
        };
        errors.push(field, words);
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "first-name=Jo&last-name=Park&born-day=4&born-month=5&born-year=1959&need=MONEY&risk=NONE_KNOWN\
                         &way=LETTER&agreement=SPOKEN&service=svc_1&submission=key-12345";

    #[test]
    fn an_empty_form_names_everything_that_is_missing_at_once() {
        let errors = read(&Fields::default()).unwrap_err();
        for field in ["first-name", "last-name", "way", "need", "risk", "service", "agreement"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
    }

    #[test]
    fn a_whole_form_becomes_a_new_person_and_one_referral() {
        let form = Fields::parse(WHOLE);
        let sent = input(&form, read(&form).unwrap());
        assert_eq!(sent.person_id, None);
        assert_eq!(sent.new_person.unwrap().identity.birth_date, Some(jiff::civil::date(1959, 5, 4)));
        assert_eq!(sent.idempotency_key.as_deref(), Some("key-12345"));
    }

    #[test]
    fn without_agreement_nothing_is_sent() {
        let form = Fields::parse(&WHOLE.replace("SPOKEN", "not-yet"));
        assert!(read(&form).unwrap_err().of("agreement").unwrap().contains("Ask them first"));
    }

    #[test]
    fn the_same_person_is_not_entered_twice() {
        let form = Fields::parse(&format!("{WHOLE}&same-person=per_7"));
        assert_eq!(input(&form, read(&form).unwrap()).person_id.as_deref(), Some("per_7"));
        let other = Fields::parse(&format!("{WHOLE}&same-person=different&not-same=per_7&not-same=per_8"));
        let new = input(&other, read(&other).unwrap()).new_person.unwrap();
        assert_eq!(new.not_the_same_as, ["per_7", "per_8"]);
    }

    #[test]
    fn a_number_that_cannot_be_is_said_beside_the_number() {
        let said = Refusal {
            code: RefusalCode::InvalidInput,
            message: "Check what was sent. newPerson.identity.nhsNumber: wrong; newPerson.identity.postcode: wrong.".into(),
            next: "Correct".into(),
            field: Some("newPerson.identity.nhsNumber".into()),
        };
        let errors = errors(&said);
        assert!(errors.of("who").is_some() && errors.of("postcode").is_some());
    }
}
