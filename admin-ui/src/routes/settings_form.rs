//! Changing what a place has settled: the form, what it would change, and publishing it. Nothing holds before it was looked at; what was
//! typed travels through the check in the form itself, so that it works without scripts. A picture is kept at the check,
//! and travels on as its digest.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;

use super::address::Address;
use super::admin::told;
use super::desk::Desk;
use super::fields::{Fields, Posted, real_day};
use super::prove;
use super::settings::seat;
use super::settings_words::Held;
use super::stop::Page;
use super::upload::Uploaded;
use crate::chrome::Accent;
use crate::codes::RefusalCode;
use crate::documents::access_review::{LackingSecondFactor, lacking_second_factor};
use crate::documents::settings::{
    AddLogo, ChangeSettings, SettingsCheck, SettingsPage, add_logo, change_settings, settings_check,
    settings_page,
};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::settings::{ChangeSettings as Form, CheckSettings, Typed};
use crate::parts::{Choice, Errors};
use crate::words;

/// Where each field of the input stands on the page.
const FIELDS: [(&str, &str); 10] = [
    ("idleMinutes", "idle-minutes"),
    ("sessionHours", "session-hours"),
    ("branding.displayName", "display-name"),
    ("branding.shortLine", "short-line"),
    ("branding.accent", "accent"),
    ("branding.logo", "logo"),
    ("imageBase64", "logo"),
    ("takesEffect", "day"),
    ("secondFactor", "second-factor"),
    ("version", "main"),
];

/// What travels through the check.
const TRAVELS: [&str; 12] = [
    "second-factor",
    "idle-minutes",
    "session-hours",
    "display-name",
    "short-line",
    "accent",
    "logo-digest",
    "when",
    "day-day",
    "day-month",
    "day-year",
    "after-version",
];

pub async fn ask(desk: Desk) -> Page {
    let variables = settings_page::Variables { first: 1, after: None };
    let settled = desk.ask::<SettingsPage>(variables).await?.settings;
    let held = Held::from(settled.in_force);
    let text = |value: Option<String>| value.unwrap_or_default();
    let pairs = [
        ("second-factor", if held.second_factor { "yes" } else { "no" }.to_owned()),
        ("idle-minutes", held.idle_minutes.to_string()),
        ("session-hours", held.session_hours.to_string()),
        ("display-name", text(held.display_name)),
        ("short-line", text(held.short_line)),
        ("accent", text(held.accent)),
        ("logo-digest", text(held.logo)),
        ("when", "now".to_owned()),
        ("after-version", settled.newest_version.to_string()),
    ];
    let fields = Fields::of(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    Ok(drawn(&desk, &fields, (StatusCode::OK, Errors::default())).await?)
}

async fn drawn(
    desk: &Desk,
    typed: &Fields,
    (status, errors): (StatusCode, Errors),
) -> Result<HttpResponse, Fault> {
    let (seat, place) = seat(desk).await?;
    if !seat.may("settings.change") {
        return Err(Fault::Forbidden);
    }
    let text = |name: &str| typed.text(name).to_owned();
    let one_of = |name: &str, choices: [(&str, &str); 2]| {
        choices.map(|(value, label)| Choice::new(value, label).chosen(typed.text(name) == value)).to_vec()
    };
    let page = Form {
        chrome: seat.chrome,
        errors,
        place,
        after_version: text("after-version"),
        typed: Typed {
            idle_minutes: text("idle-minutes"),
            session_hours: text("session-hours"),
            display_name: text("display-name"),
            short_line: text("short-line"),
            accent: text("accent"),
            logo_address: logo_address(typed.text("logo-digest")),
            logo: text("logo-digest"),
        },
        second_factor: one_of(
            "second-factor",
            [("no", "Up to each person"), ("yes", "Needed by everybody who acts here")],
        ),
        remove_logo: vec![Choice::new("yes", "Show no logo").chosen(typed.text("remove-logo") == "yes")],
        when: one_of("when", [("now", "At once"), ("day", "From the beginning of a day")]),
        day: typed.day("day"),
    };
    Ok(answer(status, &page))
}

/// Of a digest that travelled through the form: sixty-four hexadecimal digits, or nothing.
fn logo_address(digest: &str) -> Option<String> {
    let plain = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| format!("/branding/{digest}.png"))
}

async fn again(desk: &Desk, typed: &Fields, errors: Errors) -> Page {
    Ok(drawn(desk, typed, (StatusCode::UNPROCESSABLE_ENTITY, errors)).await?)
}

/// What can be read of the form, or what cannot.
struct Wanted {
    second_factor: bool,
    idle_minutes: i64,
    session_hours: i64,
    day: Option<Date>,
    after_version: i64,
}

fn wanted(typed: &Fields) -> Result<Wanted, Errors> {
    let mut errors = Errors::default();
    let mut number = |field: &str, words: &str| {
        let number: Option<i64> = typed.text(field).parse().ok();
        if number.is_none() {
            errors.push(field, words);
        }
        number.unwrap_or_default()
    };
    let idle_minutes = number("idle-minutes", "Enter a whole number of minutes, from 10 to 60");
    let session_hours = number("session-hours", "Enter a whole number of hours, from 1 to 24");
    let on_a_day = typed.text("when") == "day";
    let day = real_day(&typed.day("day")).ok().flatten().filter(|_| on_a_day);
    if on_a_day && day.is_none() {
        errors.push("day", "Enter the day from which it holds");
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let second_factor = typed.text("second-factor") == "yes";
    let after_version = typed.text("after-version").parse().unwrap_or_default();
    Ok(Wanted { second_factor, idle_minutes, session_hours, day, after_version })
}

pub async fn check(desk: Desk, uploaded: Uploaded) -> Page {
    let lost = uploaded.has_lost_its_file();
    let Uploaded { fields: typed, file } = uploaded;
    if typed.text("step") == "change" {
        return Ok(drawn(&desk, &typed, (StatusCode::OK, Errors::default())).await?);
    }
    let wanted = match wanted(&typed) {
        Ok(wanted) => wanted,
        Err(errors) => return again(&desk, &typed, errors).await,
    };
    if lost {
        let mut errors = Errors::default();
        errors.push("logo", "Choose the picture again: it could not be kept while you signed in");
        return again(&desk, &typed, errors).await;
    }
    let typed = match with_logo(&desk, &typed, file).await? {
        Ok(typed) => typed,
        Err(errors) => return again(&desk, &typed, errors).await,
    };
    let asked = settings_check::Variables { input: checked_input(&typed, &wanted) };
    let answered = desk.ask::<SettingsCheck>(asked).await?;
    let preview = answered.settings_preview;
    let (Some(next), Some(before)) = (preview.settings, preview.replaced) else {
        let refusal = preview.refusal.ok_or(Fault::Internal)?;
        if refusal.code == RefusalCode::ProveYourself {
            return prove::first(&desk, "/admin/settings/check", &typed).await;
        }
        let field = FIELDS
            .iter()
            .find(|(outside, _)| refusal.field.as_deref().is_some_and(|field| field.starts_with(outside)));
        let mut errors = Errors::default();
        errors.push(field.map_or("main", |(_, own)| own), format!("{} {}", refusal.message, refusal.next));
        return again(&desk, &typed, errors).await;
    };
    let (next, before) = (Held::from(next), Held::from(before));
    let later = answered.settings.planned.into_iter().map(|plan| plan.settings.takes_effect_at);
    let overtaken: Vec<_> = later.filter(|at| *at > next.takes_effect_at).collect();
    preview_page(&desk, &typed, (&next, &before, wanted.day), &overtaken).await
}

async fn preview_page(
    desk: &Desk,
    typed: &Fields,
    (next, before, day): (&Held, &Held, Option<Date>),
    overtaken: &[jiff::Timestamp],
) -> Page {
    let changes = next.changes_since(before);
    if changes.is_empty() {
        let mut errors = Errors::default();
        errors.push("main", "Nothing is different from what holds then. Change something first");
        return again(desk, typed, errors).await;
    }
    let (seat, place) = seat(desk).await?;
    let asks = next.second_factor && !before.second_factor;
    let lacking = if asks { lacking(desk).await? } else { None };
    let mut warnings = Vec::new();
    if asks {
        warnings.push(
            "Whoever has signed in with one factor has to sign in again, and to set up a second one. That may be you."
                .to_owned(),
        );
    }
    warnings.extend(overtaken.iter().map(|at| {
        format!(
            "Another change is planned for {}. It takes the place of this one then; withdraw it if it should not.",
            words::moment(*at).words
        )
    }));
    let fields = TRAVELS.iter().map(|name| ((*name).to_owned(), typed.text(name).to_owned()));
    let page = CheckSettings {
        name: next.display_name.clone().unwrap_or_else(|| place.clone()),
        chrome: seat.chrome,
        place,
        changes,
        takes_effect: day.map_or_else(|| "At once".to_owned(), |day| words::date(day).words),
        warnings,
        lacking,
        line: next.short_line.clone(),
        logo: next.logo_address.clone(),
        accent: next.accent.as_deref().and_then(Accent::of),
        fields: fields.collect(),
        submission: desk.key(),
    };
    Ok(answer(StatusCode::OK, &page))
}

/// Nothing where nobody lacks one.
async fn lacking(desk: &Desk) -> Result<Option<String>, Fault> {
    let known = desk.ask::<LackingSecondFactor>(lacking_second_factor::Variables).await?;
    let (all, without) =
        (known.access_review_standing.people, known.access_review_standing.without_second_factor);
    let people = words::counted(all.unsigned_abs(), "person", "people");
    let some = (without > 0).then(|| {
        format!("{without} of {people} have no second step. They set one up when they sign in next.")
    });
    Ok(some)
}

/// The form with the digest of the picture that was sent with it, or with none where it is to go.
async fn with_logo(
    desk: &Desk,
    typed: &Fields,
    file: Option<Vec<u8>>,
) -> Result<Result<Fields, Errors>, Fault> {
    let digest = match file {
        Some(file) => {
            let input = add_logo::AddLogoInput { image_base64: STANDARD.encode(file), idempotency_key: None };
            let acted = desk.act::<AddLogo>(add_logo::Variables { input }).await?;
            match (acted.refusal, acted.logo) {
                (Some(said), _) => return Ok(Err(told(&said, &FIELDS, "logo"))),
                (None, logo) => logo.ok_or(Fault::Internal)?.digest,
            }
        }
        None if typed.text("remove-logo") == "yes" => String::new(),
        None => return Ok(Ok(typed.clone())),
    };
    let others = typed.pairs().iter().filter(|(name, _)| name != "logo-digest").cloned();
    Ok(Ok(Fields::of(others.chain([("logo-digest".to_owned(), digest)]).collect())))
}

macro_rules! input {
    ($module:ident, $typed:expr, $wanted:expr, $key:expr) => {
        $module::ChangeSettingsInput {
            second_factor_required: $wanted.second_factor,
            idle_minutes: $wanted.idle_minutes,
            session_hours: $wanted.session_hours,
            branding: Some($module::BrandingInput {
                display_name: $typed.some("display-name"),
                short_line: $typed.some("short-line"),
                accent: $typed.some("accent"),
                logo: $typed.some("logo-digest"),
            }),
            takes_effect_at: None,
            takes_effect_on: $wanted.day,
            after_version: $wanted.after_version,
            idempotency_key: $key,
        }
    };
}

fn checked_input(typed: &Fields, wanted: &Wanted) -> settings_check::ChangeSettingsInput {
    input!(settings_check, typed, wanted, None)
}

pub async fn publish(desk: Desk, Posted(typed): Posted) -> Page {
    if typed.text("step") == "change" {
        return Ok(drawn(&desk, &typed, (StatusCode::OK, Errors::default())).await?);
    }
    let wanted = match wanted(&typed) {
        Ok(wanted) => wanted,
        Err(errors) => return again(&desk, &typed, errors).await,
    };
    let input = input!(change_settings, typed, wanted, typed.submission("publish"));
    let acted = desk.act::<ChangeSettings>(change_settings::Variables { input }).await?;
    if acted.asks_for_proof() {
        return prove::first(&desk, "/admin/settings/publish", &typed).await;
    }
    match acted.refusal {
        None => Ok(Address::to("/admin/settings").with("done", "settings").see_other()),
        Some(said) => again(&desk, &typed, told(&said, &FIELDS, "main")).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &str) -> Fields {
        Fields::parse(pairs)
    }

    #[test]
    fn a_day_counts_only_where_a_day_is_chosen() {
        let day = "&day-day=4&day-month=12&day-year=2026";
        let numbers = "idle-minutes=20&session-hours=8";
        let on = |when: &str, day: &str| wanted(&typed(&format!("{numbers}&when={when}{day}")));
        assert_eq!(on("now", day).map(|wanted| wanted.day).ok(), Some(None));
        assert_eq!(on("day", day).map(|wanted| wanted.day).ok(), Some(Some(jiff::civil::date(2026, 12, 4))));
        assert!(on("day", "").is_err());
    }

    #[test]
    fn only_a_digest_becomes_an_address() {
        assert_eq!(logo_address("../../etc/passwd"), None);
        assert!(logo_address(&"ab".repeat(32)).is_some());
    }
}
