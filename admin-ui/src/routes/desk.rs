//! One visitor's request as a handler sees it: who asks, which page was wanted, and the executor to ask. Owns reading cookies
//! and turning documents into typed answers.
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::USER_AGENT;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use graphql_client::GraphQLQuery;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;

use crate::documents::account::Answered;
use crate::documents::{Acted, asked};
use crate::executor::{
    Arrived, DEVICE_COOKIE, Document, Executor, Fault, FoundOut, House, Visitor, provider_cookie,
    session_cookie, ticket_cookie,
};
use crate::words;

/// Everything a handler needs of its request.
#[derive(Clone)]
pub struct Desk {
    pub executor: web::Data<dyn Executor>,
    pub visitor: Visitor,
    /// Path and query.
    pub wanted: String,
}

impl Desk {
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let executor = request.app_data::<web::Data<dyn Executor>>()?.clone();
        let arrived = request.extensions().get::<Arrived>().cloned();
        let arrived = arrived.unwrap_or_else(|| Arrived {
            address: request.peer_addr().map(|peer| peer.ip().to_string()).unwrap_or_default(),
            request_id: executor.fresh_key(),
        });
        let cookie = |name| request.cookie(name).map(|cookie| cookie.value().to_owned());
        let visitor = Visitor {
            cookie: cookie(session_cookie(executor.house().secure)),
            ticket: cookie(ticket_cookie(executor.house().secure)),
            device: cookie(DEVICE_COOKIE),
            at_provider: cookie(provider_cookie(executor.house().secure)),
            address: arrived.address,
            agent: agent(request),
            request_id: arrived.request_id,
            found_out: FoundOut::default(),
        };
        let wanted = request.uri().path_and_query().map_or("/", |whole| whole.as_str()).to_owned();
        Some(Self { executor, visitor, wanted })
    }

    pub fn house(&self) -> &House {
        self.executor.house()
    }

    pub fn now(&self) -> Timestamp {
        self.executor.now()
    }

    pub fn today(&self) -> Date {
        words::local_day(self.now())
    }

    pub fn key(&self) -> String {
        self.executor.fresh_key()
    }

    /// Runs a document and answers what it asked for.
    pub async fn ask<Q>(&self, variables: Q::Variables) -> Result<Q::ResponseData, Fault>
    where
        Q: GraphQLQuery,
        Q::ResponseData: DeserializeOwned,
    {
        let data = self.run::<Q>(variables).await?;
        serde_json::from_value(data).map_err(|_| Fault::Internal)
    }

    /// Runs a mutation and answers its payload.
    pub async fn act<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Result<Acted, Fault> {
        Acted::of(self.run::<Q>(variables).await?).ok_or(Fault::Internal)
    }

    /// The same for a mutation that was put together before.
    pub async fn act_as_asked(
        &self,
        document: Document,
        variables: serde_json::Result<serde_json::Value>,
    ) -> Result<Acted, Fault> {
        let variables = variables.map_err(|_| Fault::Internal)?;
        let data = self.executor.run(&self.visitor, document, variables).await?;
        Acted::of(data).ok_or(Fault::Internal)
    }

    /// Runs a mutation about the visitor's own credentials.
    pub async fn answered<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Result<Answered, Fault> {
        let serde_json::Value::Object(fields) = self.run::<Q>(variables).await? else {
            return Err(Fault::Internal);
        };
        let payload = fields.into_iter().next().map(|(_, payload)| payload).ok_or(Fault::Internal)?;
        serde_json::from_value(payload).map_err(|_| Fault::Internal)
    }

    async fn run<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Result<serde_json::Value, Fault> {
        let (document, variables) = asked::<Q>(variables);
        let variables = variables.map_err(|_| Fault::Internal)?;
        self.executor.run(&self.visitor, document, variables).await
    }
}

fn agent(request: &HttpRequest) -> String {
    let said = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    said.unwrap_or_default().to_owned()
}

impl FromRequest for Desk {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).ok_or_else(|| actix_web::error::ErrorInternalServerError("no executor")))
    }
}
