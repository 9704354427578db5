//! What became of giving several away, or of undoing that: who has how many now, and what stays as it was and why. The address
//! carries ids and codes only; everything else is read as it is now.
use actix_web::http::StatusCode;

use super::address::{Address, on_this_site};
use super::assign::{Row, rows};
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::stop::{Page, not_done};
use super::whom::somebody;
use crate::chrome::{Section, Undo};
use crate::codes::{Code, RefusalCode};
use crate::documents::team::{UndoAllocation, UndoMany, undo_allocation, undo_many};
use crate::pages::answer;
use crate::pages::assign::{Assigned, Given, NotGiven};
use crate::words;

const PREFIX: &str = "ref_";

/// `what`: `ok` for given, `back` for put back. Many have to fit into one header.
pub fn address(what: &str, done: &[String], not_done: &[(String, RefusalCode)], from: &str) -> Address {
    let short = |id: &str| id.strip_prefix(PREFIX).unwrap_or(id).to_owned();
    let done: Vec<String> = done.iter().map(|id| short(id)).collect();
    let not: Vec<String> = not_done.iter().map(|(id, why)| format!("{}-{}", short(id), why.code())).collect();
    Address::to("/referrals/assigned")
        .with(what, done.join("."))
        .maybe("not", &not.join("."))
        .with("from", from)
}

/// What an address says of it.
struct Told {
    done: Vec<String>,
    back: bool,
    not: Vec<(String, RefusalCode)>,
}

fn told(asked: &Fields) -> Told {
    let whole = |short: &str| format!("{PREFIX}{short}");
    let each = |name: &str| -> Vec<String> {
        asked.text(name).split('.').filter(|short| !short.is_empty()).map(str::to_owned).collect()
    };
    let back = asked.some("back").is_some();
    let not = each("not").into_iter().filter_map(|one| {
        let (id, why) = one.split_once('-')?;
        Some((whole(id), RefusalCode::parse(why)?))
    });
    Told {
        done: each(if back { "back" } else { "ok" }).iter().map(|id| whole(id)).collect(),
        back,
        not: not.collect(),
    }
}

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    let mut seat = desk.seat(Some(Section::Referrals)).await?;
    let told = told(&asked);
    let ids = told.done.iter().chain(told.not.iter().map(|(id, _)| id)).take(100).cloned().collect();
    let rows = rows(&desk, ids).await?;
    let from = on_this_site(asked.text("from"));
    let done: Vec<&Row> = rows.iter().filter(|row| told.done.contains(&row.id)).collect();
    let given = by_worker(&done);
    let counted = words::counted(u64::try_from(done.len()).unwrap_or_default(), "referral", "referrals");
    let (heading, notice) = if told.back {
        ("Put back", format!("{counted} put back."))
    } else {
        let notice = match given.as_slice() {
            [one] => format!("{counted} given to {}.", one.name),
            all => format!("{counted} given to {} workers.", all.len()),
        };
        ("Given away", notice)
    };
    if !done.is_empty() {
        seat.chrome.notice = Some(notice);
        seat.chrome.undo = (!told.back).then(|| Undo {
            action: Address::to("/referrals/assigned/undo").with("from", from).to_string(),
            submission: desk.key(),
            fields: done.iter().map(|row| ("referral".to_owned(), row.id.clone())).collect(),
        });
    }
    let not_given = told.not.iter().map(|(id, why)| not_given(rows.iter().find(|row| row.id == *id), *why));
    let page = Assigned {
        heading: if done.is_empty() { "Nothing was changed".to_owned() } else { heading.to_owned() },
        accepted: asked.text("new") == "yes" && !told.back,
        not_given: not_given.collect(),
        given,
        from: from.to_owned(),
        chrome: seat.chrome,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn by_worker(rows: &[&Row]) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    for row in rows {
        let name = row.worker_name.as_deref().unwrap_or("Nobody yet");
        match given.iter_mut().find(|one| one.name == name) {
            Some(one) => one.n += 1,
            None => given.push(Given { name: name.to_owned(), n: 1 }),
        }
    }
    given.sort_by(|a, b| a.name.cmp(&b.name));
    given
}

/// What is not there for us is not named.
fn not_given(row: Option<&Row>, why: RefusalCode) -> NotGiven {
    let named = row.map(|row| row.person_name.clone().unwrap_or_else(|| somebody(row.age_band)));
    NotGiven {
        href: row.map_or_else(|| "/referrals".to_owned(), |row| format!("/referrals/{}", row.id)),
        who: named.unwrap_or_else(|| "A referral".to_owned()),
        reference: row.map(|row| row.reference.clone()).unwrap_or_default(),
        why: why.words().to_owned(),
    }
}

/// Puts back all that have not changed since.
pub async fn undo(desk: Desk, Asked(asked): Asked, Posted(form): Posted) -> Page {
    let from = on_this_site(asked.text("from"));
    let input = undo_many::UndoAllocationsInput {
        referral_ids: form.all("referral").into_iter().take(100).map(str::to_owned).collect(),
        idempotency_key: form.some("submission"),
    };
    let outcomes = desk.ask::<UndoMany>(undo_many::Variables { input }).await?.undo_allocations.outcomes;
    let (mut back, mut not) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome.refusal {
            None => back.push(outcome.referral_id),
            Some(refusal) => not.push((outcome.referral_id, refusal.code)),
        }
    }
    Ok(address("back", &back, &not, from).see_other())
}

/// One that was given on its own page.
pub async fn undo_one(
    desk: Desk,
    id: actix_web::web::Path<String>,
    Asked(asked): Asked,
    Posted(form): Posted,
) -> Page {
    let then = on_this_site(asked.text("then"));
    let input = undo_allocation::UndoAllocationInput {
        referral_id: id.into_inner(),
        idempotency_key: form.some("submission"),
    };
    match desk.act::<UndoAllocation>(undo_allocation::Variables { input }).await?.refusal {
        None => Ok(Address::to(then).with("done", "put-back").see_other()),
        Some(said) => not_done(&desk, Some(Section::Referrals), said, (then, "Go back")).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_each_is_read_back_from_the_address() {
        let not = [("ref_0c".to_owned(), RefusalCode::ChangedSince)];
        let there = address("back", &["ref_0a".to_owned(), "ref_0b".to_owned()], &not, "/people").to_string();
        let read = told(&Fields::parse(there.split_once('?').unwrap().1));
        assert_eq!((read.done, read.back), (vec!["ref_0a".to_owned(), "ref_0b".to_owned()], true));
        assert_eq!(read.not, not);
        let forged = told(&Fields::parse("ok=..&not=x.y-NOTHING"));
        assert!(forged.done.is_empty() && forged.not.is_empty());
    }
}
