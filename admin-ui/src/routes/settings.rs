//! Screen 22, live: what a place has settled, what is planned, and every change there was; and taking back what does not hold yet.
use actix_web::http::StatusCode;

use super::address::Address;
use super::admin::Corner;
use super::desk::Desk;
use super::done::done_words;
use super::fields::{Asked, Posted};
use super::paging::paging;
use super::prove;
use super::seat::Seat;
use super::settings_words::Held;
use super::stop::{Page, not_done};
use crate::chrome::Section;
use crate::documents::settings::settings_page::{
    SettingsPageSettingsHistoryEdgesNode as Line, SettingsPageSettingsPlanned as Plan,
};
use crate::documents::settings::{SettingsPage, WithdrawSettings, settings_page, withdraw_settings};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::settings::{PastChange, Planned, Settings};
use crate::parts::{Empty, Tag, Tone};
use crate::words;

const A_PAGE: i64 = 10;
const WHO_LEFT: &str = "Somebody who is not here any more";

/// The frame, for whoever may see settings.
pub async fn seat(desk: &Desk) -> Result<(Seat, String), Fault> {
    let seat = desk.office(Some(Corner::Settings)).await?;
    if !seat.may("settings.view") {
        return Err(Fault::Forbidden);
    }
    let place = seat.place_name();
    Ok((seat, place))
}

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    let (mut seat, place) = seat(&desk).await?;
    seat.chrome.notice = done_words(asked.text("done"));
    let variables = settings_page::Variables { first: A_PAGE, after: asked.some("after") };
    let settled = desk.ask::<SettingsPage>(variables).await?.settings;
    let holds = Held::from(settled.in_force);
    let next = settled.history.page_info.end_cursor.filter(|_| settled.history.page_info.has_next_page);
    let lines = settled.history.edges.into_iter().map(|edge| edge.node);
    let history: Vec<PastChange> = lines.map(|line| past(&desk, line, holds.version)).collect();
    let here = Address::to("/admin/settings");
    let page = Settings {
        may_change: seat.may("settings.change"),
        chrome: seat.chrome,
        place,
        since: (holds.version > 0).then(|| words::moment(holds.takes_effect_at)),
        holds: holds.said(),
        logo: holds.logo_address,
        planned: settled.planned.into_iter().map(|plan| planned(&desk, plan)).collect(),
        empty: history.is_empty().then(nothing),
        pagination: paging(&here, &asked, history.len(), next.as_deref(), ("change", "changes")),
        history,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn nothing() -> Empty {
    Empty {
        why: "Nothing was changed yet: everything is as Trellis does it by itself.".to_owned(),
        href: None,
        action: String::new(),
    }
}

fn planned(desk: &Desk, plan: Plan) -> Planned {
    let (held, before) = (Held::from(plan.settings), Held::from(plan.replaced));
    Planned {
        version: held.version,
        submission: desk.key(),
        takes_effect: words::moment(held.takes_effect_at),
        by: plan.changed_by.unwrap_or_else(|| WHO_LEFT.to_owned()),
        changes: held.changes_since(&before),
    }
}

fn past(desk: &Desk, line: Line, in_force: i64) -> PastChange {
    let (held, before) = (Held::from(line.settings), Held::from(line.replaced));
    let standing = match line.withdrawn_at {
        Some(_) => Tag::new("Withdrawn", Tone::Over),
        None if held.version == in_force => Tag::new("In force", Tone::Good),
        None if held.takes_effect_at > desk.executor.now() => Tag::new("Planned", Tone::Waiting),
        None => Tag::new("Replaced", Tone::Plain),
    };
    let withdrawn = line.withdrawn_at.map(|at| {
        let by = line.withdrawn_by.as_deref().unwrap_or(WHO_LEFT);
        format!("Withdrawn by {by}, {}", words::moment(at).words)
    });
    PastChange {
        version: held.version,
        settled: words::moment(line.changed_at),
        by: line.changed_by.unwrap_or_else(|| WHO_LEFT.to_owned()),
        takes_effect: words::moment(held.takes_effect_at),
        standing,
        withdrawn,
        changes: held.changes_since(&before),
    }
}

pub async fn withdraw(desk: Desk, Posted(form): Posted) -> Page {
    let input = withdraw_settings::WithdrawSettingsInput {
        version: form.text("version").parse().unwrap_or(0),
        idempotency_key: form.submission("withdraw"),
    };
    let acted = desk.act::<WithdrawSettings>(withdraw_settings::Variables { input }).await?;
    if acted.asks_for_proof() {
        return prove::first(&desk, "/admin/settings/withdraw", &form).await;
    }
    match acted.refusal {
        None => Ok(Address::to("/admin/settings").with("done", "settings-withdrawn").see_other()),
        Some(said) => {
            not_done(&desk, Some(Section::Admin), said, ("/admin/settings", "Go to the settings")).await
        }
    }
}
