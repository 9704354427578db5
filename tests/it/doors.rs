//! What the server refuses before anybody looks at a request: forms of other sites, sockets of other origins, media
//! types and methods that are not spoken here; and how sessions travel in cookies.

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE,
};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, http};
use trellis_infra::auth::Passwords;
use trellis_tests::served::Served;
use trellis_tests::world::Region;

const PASSWORD: &str = "seven quiet otters";

/// A browser that keeps no cookie and follows nothing by itself.
fn browser() -> anyhow::Result<Client> {
    Ok(Client::builder().redirect(Policy::none()).build()?)
}

/// The team lead can sign in.
async fn with_password(served: &Served, region: &Region) -> anyhow::Result<String> {
    let hash = Passwords::new(1, 8)?.hash(PASSWORD).await?;
    let owner = served.world.database.connect_as_owner().await?;
    let statement = "UPDATE users SET password_hash = $1 WHERE email = $2";
    owner.execute(statement, &[&hash, &region.team_lead.email]).await?;
    Ok(region.team_lead.email.clone())
}

fn form(served: &Served, origin: &str, email: &str) -> anyhow::Result<RequestBuilder> {
    let body = format!("email={}&password={}", email.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let request = browser()?.post(format!("{}/sign-in", served.url)).header(ORIGIN, origin);
    Ok(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body))
}

/// Name and value of the cookie that was set, and the whole header.
fn cookie(response: &Response) -> (String, String) {
    let header = response.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    (header.split(';').next().unwrap_or_default().to_owned(), header.to_owned())
}

async fn sessions(served: &Served) -> anyhow::Result<Vec<bool>> {
    let owner = served.world.database.connect_as_owner().await?;
    let query =
        "SELECT ended_at IS NOT NULL FROM sessions WHERE kind = 'browser' ORDER BY created_at, session_id";
    Ok(owner.query(query, &[]).await?.iter().map(|row| row.get(0)).collect())
}

async fn home(served: &Served, cookie: &str) -> anyhow::Result<String> {
    let response = browser()?.get(&served.url).header(COOKIE, cookie).send().await?;
    let to = response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
    Ok(to.unwrap_or_default())
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_before_its_password_is_looked_at() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let email = with_password(&served, &region).await?;
    let foreign = form(&served, "https://elsewhere.example.org", &email)?.send().await?;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    assert!(foreign.headers().get(SET_COOKIE).is_none());
    let own = served.url.clone();
    let cross_site = form(&served, &own, &email)?.header("sec-fetch-site", "cross-site").send().await?;
    assert_eq!(cross_site.status(), StatusCode::FORBIDDEN);
    let nowhere =
        browser()?.post(format!("{}/sign-in", served.url)).body("email=a&password=b").send().await?;
    assert_eq!(nowhere.status(), StatusCode::FORBIDDEN, "without a word of where it comes from");
    assert!(sessions(&served).await?.is_empty());
    let ours = form(&served, &own, &email)?.send().await?;
    assert_eq!(ours.status(), StatusCode::SEE_OTHER);
    assert_eq!(sessions(&served).await?, [false]);
    Ok(())
}

#[tokio::test]
async fn signing_in_again_ends_the_session_of_the_cookie_that_it_replaces() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let email = with_password(&served, &region).await?;
    let own = served.url.clone();
    let (first, whole) = cookie(&form(&served, &own, &email)?.send().await?);
    assert!(first.starts_with("trellis_session=tr_session_") && !whole.contains("Secure"), "{whole}");
    assert!(whole.contains("HttpOnly") && whole.contains("SameSite=Lax") && whole.contains("Path=/"));
    assert!(!home(&served, &first).await?.contains("sign-in"), "the first cookie is good");
    let (second, _) = cookie(&form(&served, &own, &email)?.header(COOKIE, &first).send().await?);
    assert_eq!(sessions(&served).await?, [true, false]);
    assert!(home(&served, &first).await?.contains("sign-in"), "the replaced cookie still opens the house");
    assert!(!home(&served, &second).await?.contains("sign-in"));

    let wrong = form(&served, &own, "nobody@example.org")?.header(COOKIE, &second).send().await?;
    assert!(wrong.headers().get(SET_COOKIE).is_none());
    assert_eq!(sessions(&served).await?, [true, false], "a failed sign-in ends nothing");
    Ok(())
}

#[tokio::test]
async fn over_tls_the_cookie_is_kept_to_this_host_and_no_other_name_is_taken() -> anyhow::Result<()> {
    let served = Served::changed(|_, serving| {
        serving.secure = true;
        "https://trellis.example.org".clone_into(&mut serving.public_url);
    });
    let served = served.await?;
    let region = served.world.region("north-vale").await?;
    let email = with_password(&served, &region).await?;
    let (set, whole) = cookie(&form(&served, "https://trellis.example.org", &email)?.send().await?);
    assert!(set.starts_with("__Host-trellis_session=tr_session_"), "{whole}");
    assert!(
        whole.contains("; Secure") && whole.contains("; Path=/;") && !whole.contains("Domain"),
        "{whole}"
    );
    assert!(!home(&served, &set).await?.contains("sign-in"));
    let plain = set.trim_start_matches("__Host-");
    assert!(home(&served, plain).await?.contains("sign-in"), "a name that any site below ours could set");
    Ok(())
}

#[tokio::test]
async fn a_socket_is_opened_from_our_own_origin_or_from_no_browser_at_all() -> anyhow::Result<()> {
    let (served, _) = Served::with_region().await?;
    for (origin, opens) in
        [(Some("https://elsewhere.example.org"), false), (Some(served.url.as_str()), true), (None, true)]
    {
        let mut request =
            format!("{}/graphql", served.url.replacen("http", "ws", 1)).into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse()?);
        }
        match connect_async(request).await {
            Ok(_) => assert!(opens, "{origin:?} was let in"),
            Err(Error::Http(refused)) => {
                assert!(!opens && refused.status() == http::StatusCode::FORBIDDEN, "{origin:?}: {refused:?}");
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

fn asking(served: &Served) -> RequestBuilder {
    Client::new().post(format!("{}/graphql", served.url))
}

#[tokio::test]
async fn graphql_says_which_methods_and_media_types_it_speaks() -> anyhow::Result<()> {
    let (served, _) = Served::with_region().await?;
    let url = format!("{}/graphql", served.url);
    let question = json!({ "query": "{ __typename }" });

    let mutation = [("query", "mutation { signOut { done } }")];
    let mutation = Client::new().get(reqwest::Url::parse_with_params(&url, mutation)?).send().await?;
    assert_eq!(mutation.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(mutation.headers()[ALLOW], "POST");
    assert_eq!(mutation.headers()[CONTENT_TYPE], "application/problem+json");
    for method in ["PUT", "DELETE", "PATCH"] {
        let other = Client::new().request(method.parse()?, &url).json(&question).send().await?;
        assert_eq!(other.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    let unheard = asking(&served).header(ACCEPT, "text/html").json(&question).send().await?;
    assert_eq!(unheard.status(), StatusCode::NOT_ACCEPTABLE);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"] {
        let body = question.to_string();
        let odd = asking(&served).header(CONTENT_TYPE, kind).body(body).send().await?;
        assert_eq!(odd.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    let large = json!({ "query": "{ __typename }", "variables": { "x": "x".repeat(256 * 1024) } });
    assert_eq!(asking(&served).json(&large).send().await?.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(asking(&served).json(&question).send().await?.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn a_document_of_more_than_64_kib_is_refused_in_one_place_with_a_code() -> anyhow::Result<()> {
    let (served, _) = Served::with_region().await?;
    let long = json!({ "query": format!("{{ __typename }} # {}", "x".repeat(64 * 1024)) });
    let modern =
        asking(&served).header(ACCEPT, "application/graphql-response+json").json(&long).send().await?;
    assert_eq!(modern.status(), StatusCode::BAD_REQUEST);
    let body: Value = modern.json().await?;
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
    assert!(body["errors"][0]["extensions"]["requestId"].is_string(), "{body}");
    Ok(())
}

#[tokio::test]
async fn pages_are_compressed_and_what_the_api_answers_is_not() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let email = with_password(&served, &region).await?;
    let page = Client::new().get(format!("{}/sign-in", served.url)).header(ACCEPT_ENCODING, "gzip");
    assert_eq!(page.send().await?.headers()[CONTENT_ENCODING], "gzip", "the control: pages are");
    let sign_in = "mutation($i: SignInInput!) { signIn(input: $i) { tokens { accessToken refreshToken } refusal { code } } }";
    let tokens = json!({ "query": sign_in, "variables": { "i": { "email": email, "password": PASSWORD } } });
    let answer = asking(&served).header(ACCEPT_ENCODING, "gzip").json(&tokens).send().await?;
    assert!(answer.headers().get(CONTENT_ENCODING).is_none(), "{:?}", answer.headers());
    assert!(answer.text().await?.contains("tr_refresh_"));
    let ready = Client::new().get(format!("{}/readyz", served.url)).header(ACCEPT_ENCODING, "gzip");
    assert!(ready.send().await?.headers().get(CONTENT_ENCODING).is_none());
    Ok(())
}
