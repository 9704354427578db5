//! The administrator's page for the organisation's provider: set it up, try it, switch it on and off.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::address::Address;
use super::admin::Corner;
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::prove;
use super::stop::Page;
use crate::codes::RefusalCode;
use crate::documents::Refusal as Said;
use crate::documents::sso::configure_identity_provider::ConfigureIdentityProviderInput;
use crate::documents::sso::enable_identity_provider::EnableIdentityProviderInput;
use crate::documents::sso::identity_provider::IdentityProviderIdentityProvider as Provider;
use crate::documents::sso::{
    ConfigureIdentityProvider, EnableIdentityProvider, IdentityProvider, TestIdentityProvider,
    configure_identity_provider, enable_identity_provider, identity_provider, test_identity_provider,
};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::sso::{AdminSignIn, Known, Typed};
use crate::parts::Errors;

/// What is shown besides the provider itself.
#[derive(Default)]
struct Shown {
    errors: Errors,
    done: Option<&'static str>,
    refusal: Option<(String, String)>,
    found: Vec<String>,
    /// A form that was not taken.
    form: Option<Fields>,
}

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    let done = match asked.text("done") {
        "saved" => Some("Saved. Test the connection before you switch it on."),
        "on" => Some("Switched on."),
        "off" => Some("Switched off. Nobody signs in with it any more."),
        _ => None,
    };
    Ok(draw(&desk, Shown { done, ..Shown::default() }).await?)
}

pub async fn save(desk: Desk, Posted(form): Posted) -> Page {
    let input = ConfigureIdentityProviderInput {
        version: form.text("version").parse().ok(),
        short_name: form.text("short-name").to_owned(),
        name: form.text("provider-name").to_owned(),
        issuer: form.text("issuer").to_owned(),
        client_id: form.text("client-id").to_owned(),
        client_secret: form.some("client-secret"),
        scopes: form.text("scopes").to_owned(),
        strong_acr: form.text("strong-acr").to_owned(),
        strong_amr: form.text("strong-amr").to_owned(),
        idempotency_key: form.some("submission"),
    };
    let variables = configure_identity_provider::Variables { input };
    match desk.act::<ConfigureIdentityProvider>(variables).await?.refusal {
        None => Ok(Address::to("/admin/sign-in").with("done", "saved").see_other()),
        // The client's secret is not kept on the way.
        Some(said) if said.code == RefusalCode::ProveYourself => {
            prove::first(&desk, "/admin/sign-in", &Fields::default()).await
        }
        Some(said) => Ok(draw(&desk, Shown { form: Some(form), ..refused(said) }).await?),
    }
}

pub async fn enable(desk: Desk, Posted(form): Posted) -> Page {
    let enabled = form.text("enabled") == "yes";
    let input = EnableIdentityProviderInput {
        provider_id: form.text("provider").to_owned(),
        version: form.text("version").parse().unwrap_or(0),
        enabled,
        idempotency_key: form.some("submission"),
    };
    match desk.act::<EnableIdentityProvider>(enable_identity_provider::Variables { input }).await?.refusal {
        None => {
            let done = if enabled { "on" } else { "off" };
            Ok(Address::to("/admin/sign-in").with("done", done).see_other())
        }
        Some(said) if said.code == RefusalCode::ProveYourself => {
            prove::first(&desk, "/admin/sign-in/enable", &form).await
        }
        Some(said) => Ok(draw(&desk, refused(said)).await?),
    }
}

pub async fn test(desk: Desk) -> Page {
    let tried =
        desk.ask::<TestIdentityProvider>(test_identity_provider::Variables).await?.test_identity_provider;
    let found = tried.found.map(|found| {
        let known = if found.acr.is_empty() { "none that it names".to_owned() } else { found.acr.join(", ") };
        vec![
            format!("People type their password at {}.", found.sign_in_host),
            format!("Keys it signs with: {}.", found.keys),
            format!("Values of acr: {known}."),
        ]
    });
    let refusal = tried.refusal.map(|said| (said.message, said.next));
    Ok(draw(&desk, Shown { refusal, found: found.unwrap_or_default(), ..Shown::default() }).await?)
}

fn refused(said: Said) -> Shown {
    let field = match said.field.as_deref() {
        Some("name") => "provider-name",
        Some("shortName") => "short-name",
        Some("issuer") => "issuer",
        Some("clientId") => "client-id",
        Some("clientSecret") => "client-secret",
        Some("scopes") => "scopes",
        Some("strongAcr") => "strong-acr",
        Some("strongAmr") => "strong-amr",
        _ => return Shown { refusal: Some((said.message, said.next)), ..Shown::default() },
    };
    let mut errors = Errors::default();
    errors.push(field, said.message);
    Shown { errors, ..Shown::default() }
}

async fn draw(desk: &Desk, shown: Shown) -> Result<HttpResponse, Fault> {
    let seat = desk.office(Some(Corner::SignIn)).await?;
    let provider = desk.ask::<IdentityProvider>(identity_provider::Variables).await?.identity_provider;
    let typed = match (&shown.form, &provider) {
        (Some(form), _) => typed(form),
        (None, Some(provider)) => stored(provider),
        (None, None) => Typed { scopes: "email profile".to_owned(), ..Typed::default() },
    };
    let fine = shown.errors.is_empty() && shown.refusal.is_none();
    let page = AdminSignIn {
        chrome: seat.chrome,
        errors: shown.errors,
        done: shown.done.map(str::to_owned),
        refusal: shown.refusal,
        found: shown.found,
        known: provider.map(|provider| Known {
            sign_in_path: format!("/sign-in/with/{}", provider.short_name),
            id: provider.id,
            version: provider.version.to_string(),
            enabled: provider.enabled,
            back_address: provider.back_address,
        }),
        typed,
        submission: desk.key(),
    };
    Ok(answer(if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &page))
}

fn typed(form: &Fields) -> Typed {
    let text = |name: &str| form.text(name).to_owned();
    Typed {
        name: text("provider-name"),
        short_name: text("short-name"),
        issuer: text("issuer"),
        client_id: text("client-id"),
        scopes: text("scopes"),
        strong_acr: text("strong-acr"),
        strong_amr: text("strong-amr"),
    }
}

fn stored(provider: &Provider) -> Typed {
    Typed {
        name: provider.name.clone(),
        short_name: provider.short_name.clone(),
        issuer: provider.issuer.clone(),
        client_id: provider.client_id.clone(),
        scopes: provider.scopes.join(" "),
        strong_acr: provider.strong_acr.join(" "),
        strong_amr: provider.strong_amr.join(" "),
    }
}
