//! A browser as far as forms, redirects and cookies go: it follows nothing by itself, so that each step can be looked at.

use anyhow::Context;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use url::Url;

/// One browser, with its cookies.
#[derive(Debug, Clone)]
pub struct Browser {
    ours: reqwest::Client,
    theirs: reqwest::Client,
    origin: String,
}

/// A page, or where to go instead.
#[derive(Debug, Clone)]
pub struct Shown {
    pub status: u16,
    pub goes_to: Option<String>,
    pub text: String,
}

impl Browser {
    pub fn at(origin: &str) -> anyhow::Result<Self> {
        Ok(Self { ours: jar()?, theirs: jar()?, origin: origin.to_owned() })
    }

    /// The same with us, and unknown everywhere else.
    pub fn forgotten_elsewhere(&self) -> anyhow::Result<Self> {
        Ok(Self { theirs: jar()?, ..self.clone() })
    }

    fn client(&self, address: &Url) -> &reqwest::Client {
        if address.as_str().starts_with(&self.origin) { &self.ours } else { &self.theirs }
    }

    /// A path of ours, or a whole address.
    pub async fn get(&self, address: &str) -> anyhow::Result<Shown> {
        let address = self.whole(address)?;
        self.shown(self.client(&address).get(address.clone()), &address).await
    }

    /// As a form of the page at this address sends it.
    pub async fn post(&self, address: &str, fields: &[(&str, &str)]) -> anyhow::Result<Shown> {
        let address = self.whole(address)?;
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .client(&address)
            .post(address.clone())
            .header("origin", address.origin().ascii_serialization())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.shown(request, &address).await
    }

    fn whole(&self, address: &str) -> anyhow::Result<Url> {
        Ok(Url::parse(&self.origin)?.join(address)?)
    }

    async fn shown(&self, request: reqwest::RequestBuilder, from: &Url) -> anyhow::Result<Shown> {
        let response = request.send().await.context("reach the server")?;
        let status = response.status().as_u16();
        let goes_to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
        let goes_to = goes_to.map(|to| from.join(to).map(|to| to.to_string())).transpose()?;
        Ok(Shown { status, goes_to, text: response.text().await? })
    }
}

fn jar() -> anyhow::Result<reqwest::Client> {
    Ok(reqwest::Client::builder().cookie_store(true).redirect(Policy::none()).build()?)
}

impl Shown {
    pub fn next(&self) -> anyhow::Result<&str> {
        self.goes_to.as_deref().with_context(|| format!("{} goes nowhere: {}", self.status, self.text))
    }

    /// The page says so, with this status.
    pub fn says(&self, status: u16, words: &str) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.status == status && self.text.contains(words),
            "{}, not “{words}”: {}",
            self.status,
            self.text
        );
        Ok(())
    }
}
