//! One's own connections with organisations' providers: what there is, and taking one away.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::address::{Address, encoded};
use super::desk::Desk;
use super::fields::{Asked, Posted};
use super::stop::Page;
use crate::documents::sso::{Connections as Document, DisconnectIdentity, connections, disconnect_identity};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::sso::{Connected, Connections};
use crate::words;

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    let done = match asked.text("done") {
        "connected" => Some("Connected. You can sign in with it from now on."),
        "removed" => Some("Removed. It no longer signs you in."),
        _ => None,
    };
    Ok(draw(&desk, done, None).await?)
}

pub async fn remove(desk: Desk, Posted(form): Posted) -> Page {
    let issuer = form.text("issuer").to_owned();
    let acted = desk.act::<DisconnectIdentity>(disconnect_identity::Variables { issuer }).await?;
    match acted.refusal {
        None => Ok(Address::to("/account/connections").with("done", "removed").see_other()),
        Some(said) => Ok(draw(&desk, None, Some((said.message, said.next))).await?),
    }
}

async fn draw(
    desk: &Desk,
    done: Option<&str>,
    refusal: Option<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let seat = desk.seat(None).await?;
    let known = desk.ask::<Document>(connections::Variables).await?;
    let day = |at| words::date(words::local_day(at));
    let connected = known.connected_identities.into_iter().map(|one| Connected {
        name: one.provider_name.unwrap_or_else(|| one.issuer.clone()),
        issuer: one.issuer,
        since: day(one.connected_at),
        last_used: one.last_used_at.map(day),
    });
    let connect = known.sign_in_provider.map(|name| format!("/sign-in/with/{}", encoded(&name)));
    let status = if refusal.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Connections {
        chrome: seat.chrome,
        done: done.map(str::to_owned),
        refusal,
        connected: connected.collect(),
        connect,
    };
    Ok(answer(status, &page))
}
