//! Applications to join, with what is personal sealed for their row; and the token of their links: the id and a signature
//! over it, so that the database holds nothing that opens one.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use serde::Deserialize;
use trellis_domain::application::{
    Application, ApplicationReads, ApplicationRefusal, ApplicationStage, ApplicationWrites, Details,
    Exchange, Joining, Stages,
};
use trellis_domain::kernel::{
    ApplicationId, Line, NetworkId, OrganisationId, Postcode, Prose, Redacted, StoreError, TypedId, UserId,
};
use trellis_domain::policy::Role;
use trellis_domain::tenancy::OrganisationKind;
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::person::sealed;
use super::schema::{applications as a, joining as j, memberships};
use super::time::{instant, stored};
use super::tx::{PgTx, ReadWrite};
use crate::seal::{DerivedPurpose, IndexPurpose, KeptSecret, Keyring, SealError, SecretPlace};

const ID_BYTES: usize = 16;
const PREFIX: &str = "tr_join_";
const DETAILS: &str = "applications.sealed_details";
const TALK: &str = "applications.sealed_talk";

/// The token in the mail's address.
pub(crate) fn application_token(keyring: &Keyring, id: ApplicationId) -> Result<Redacted<String>, SealError> {
    let named = id.uuid();
    let signature = hmac::sign(&keyring.derived_key(DerivedPurpose::ApplicationLink)?, named.as_bytes());
    let body = URL_SAFE_NO_PAD.encode([named.as_bytes().as_slice(), signature.as_ref()].concat());
    Ok(Redacted::new(format!("{PREFIX}{body}")))
}

/// The application of a token, if we made the token.
pub(crate) fn application_of(keyring: &Keyring, token: &str) -> Option<ApplicationId> {
    let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
    let (id, signature) = bytes.split_first_chunk::<ID_BYTES>()?;
    let key = keyring.derived_key(DerivedPurpose::ApplicationLink).ok()?;
    hmac::verify(&key, id, signature).ok()?;
    Some(ApplicationId::from_uuid(Uuid::from_bytes(*id)))
}

/// What was asked and said. It was one question and one answer before it was a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Talk {
    All(Vec<Exchange>),
    Last { question: Option<Prose>, reply: Option<Prose> },
}

impl Talk {
    fn all(self) -> Vec<Exchange> {
        match self {
            Self::All(all) => all,
            Self::Last { question, reply } => {
                question.map(|question| Exchange { question, reply }).into_iter().collect()
            }
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = a)]
pub(crate) struct ApplicationRow {
    network_id: Uuid,
    application_id: Uuid,
    name: String,
    kind: String,
    postcode: Option<String>,
    agreement: String,
    stage: String,
    key_id: String,
    sealed_details: Vec<u8>,
    sealed_talk: Vec<u8>,
    applied_at: Stored,
    refusal: Option<String>,
    organisation_id: Option<Uuid>,
}

fn wrong(column: &'static str) -> StoreError {
    inconsistent("applications", column)
}

fn place(column: &'static str, row: Uuid) -> SecretPlace {
    SecretPlace { column, row }
}

impl<M> PgTx<'_, M> {
    pub(crate) fn opened_application(&self, row: ApplicationRow) -> Result<Application, StoreError> {
        let id = row.application_id;
        let open = |column, bytes| {
            let kept = KeptSecret { key_id: row.key_id.clone(), bytes };
            self.keyring().kept_secret(place(column, id), &kept).map_err(sealed)
        };
        let details: Details =
            serde_json::from_str(&open(DETAILS, row.sealed_details)?).map_err(|_| wrong("sealed_details"))?;
        let talk: Talk =
            serde_json::from_str(&open(TALK, row.sealed_talk)?).map_err(|_| wrong("sealed_talk"))?;
        let postcode = row.postcode.as_deref().map(Postcode::parse).transpose();
        let refusal =
            row.refusal.map(|code| ApplicationRefusal::from_code(&code).ok_or_else(|| wrong("refusal")));
        Ok(Application {
            id: ApplicationId::from_uuid(id),
            network: NetworkId::from_uuid(row.network_id),
            name: Line::parse(&row.name).map_err(|_| wrong("name"))?,
            kind: OrganisationKind::from_code(&row.kind).ok_or_else(|| wrong("kind"))?,
            postcode: postcode.map_err(|_| wrong("postcode"))?,
            details,
            agreement: Line::parse(&row.agreement).map_err(|_| wrong("agreement"))?,
            stage: ApplicationStage::from_code(&row.stage).ok_or_else(|| wrong("stage"))?,
            applied_at: instant(row.applied_at),
            talk: talk.all(),
            refusal: refusal.transpose()?,
            organisation: row.organisation_id.map(OrganisationId::from_uuid),
        })
    }

    /// As it stands, not locked.
    pub fn application(&mut self, id: ApplicationId) -> Result<Option<Application>, StoreError> {
        let row: Option<ApplicationRow> = a::table
            .find((self.network_uuid(), id.uuid()))
            .select(ApplicationRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(|row| self.opened_application(row)).transpose()
    }

    /// The same, when its address is proved: until then it is nobody's to see.
    pub fn proved_application(&mut self, id: ApplicationId) -> Result<Option<Application>, StoreError> {
        Ok(self.application(id)?.filter(|it| it.stage != ApplicationStage::Unconfirmed))
    }

    /// Its short name, as in addresses.
    pub fn network_slug(&mut self) -> Result<String, StoreError> {
        use super::schema::networks as n;
        n::table.find(self.network_uuid()).select(n::slug).first(self.conn).map_err(store_error)
    }

    /// What the network is called, and whom to phone about it.
    pub fn network_words(&mut self) -> Result<(String, Option<String>), StoreError> {
        use super::schema::networks as n;
        n::table
            .find(self.network_uuid())
            .select((n::name, n::help_phone))
            .first(self.conn)
            .map_err(store_error)
    }

    /// Of a form and all that was typed into it: the same again is the same, and nothing is read out of it.
    fn form_index(
        &self,
        application: &Application,
        form: Option<&str>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(form) = form else { return Ok(None) };
        let postcode = application.postcode.as_ref().map(Postcode::as_str);
        let typed = (form, application.name.as_str(), postcode, &application.details);
        let typed = serde_json::to_string(&typed).map_err(|_| wrong("form_index"))?;
        let index = self.keyring().index(self.network_uuid(), IndexPurpose::ApplicationForm, &typed);
        Ok(Some(index.map_err(sealed)?.to_vec()))
    }

    fn sealed_parts(&self, application: &Application) -> Result<(KeptSecret, KeptSecret), StoreError> {
        let id = application.id.uuid();
        let keep = |column, text: serde_json::Result<String>| {
            let text = text.map_err(|_| wrong(column))?;
            self.keyring().keep_secret(place(column, id), &text).map_err(sealed)
        };
        let details = keep(DETAILS, serde_json::to_string(&application.details))?;
        Ok((details, keep(TALK, serde_json::to_string(&application.talk))?))
    }
}

impl<M> ApplicationReads for PgTx<'_, M> {
    fn joining(&mut self) -> Result<Option<Joining>, StoreError> {
        let row: Option<(bool, String)> = j::table
            .find(self.network_uuid())
            .select((j::open, j::agreement))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let Some((open, agreement)) = row else { return Ok(None) };
        let agreement = Line::parse(&agreement).map_err(|_| inconsistent("joining", "agreement"))?;
        Ok(Some(Joining { network: self.network(), open, agreement }))
    }
}

impl ApplicationWrites for PgTx<'_, ReadWrite> {
    fn lock_application(&mut self, id: ApplicationId) -> Result<Option<Application>, StoreError> {
        let row: Option<ApplicationRow> = a::table
            .find((self.network_uuid(), id.uuid()))
            .select(ApplicationRow::as_select())
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(|row| self.opened_application(row)).transpose()
    }

    fn insert_application(
        &mut self,
        application: &Application,
        form: Option<&str>,
    ) -> Result<bool, StoreError> {
        let (details, talk) = self.sealed_parts(application)?;
        let form = self.form_index(application, form)?;
        let now = stored(self.op().now());
        diesel::insert_into(a::table)
            .values((
                a::network_id.eq(self.network_uuid()),
                a::application_id.eq(application.id.uuid()),
                a::name.eq(application.name.as_str()),
                a::kind.eq(application.kind.code()),
                a::postcode.eq(application.postcode.as_ref().map(Postcode::as_str)),
                a::agreement.eq(application.agreement.as_str()),
                a::stage.eq(application.stage.code()),
                a::key_id.eq(details.key_id),
                a::sealed_details.eq(details.bytes),
                a::sealed_talk.eq(talk.bytes),
                a::applied_at.eq(now),
                a::changed_at.eq(now),
                a::form_index.eq(form),
            ))
            .on_conflict((a::network_id, a::form_index))
            .do_nothing()
            .execute(self.conn)
            .map_err(store_error)
            .map(|rows| rows == 1)
    }

    fn save_application(&mut self, application: &Application) -> Result<(), StoreError> {
        let (details, talk) = self.sealed_parts(application)?;
        let decided = !application.is_open() && application.stage != ApplicationStage::Unconfirmed;
        let rows = diesel::update(a::table.find((self.network_uuid(), application.id.uuid())))
            .set((
                a::stage.eq(application.stage.code()),
                a::key_id.eq(details.key_id),
                a::sealed_details.eq(details.bytes),
                a::sealed_talk.eq(talk.bytes),
                a::changed_at.eq(stored(self.op().now())),
                a::decided_by.eq(self.op().user().filter(|_| decided).map(TypedId::uuid)),
                a::refusal.eq(application.refusal.map(ApplicationRefusal::code)),
                a::organisation_id.eq(application.organisation.map(TypedId::uuid)),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    fn save_joining(&mut self, joining: &Joining) -> Result<(), StoreError> {
        let values = (
            j::network_id.eq(joining.network.uuid()),
            j::open.eq(joining.open),
            j::agreement.eq(joining.agreement.as_str()),
            j::changed_at.eq(stored(self.op().now())),
            j::changed_by.eq(self.op().user().map(TypedId::uuid)),
        );
        diesel::insert_into(j::table)
            .values(values)
            .on_conflict(j::network_id)
            .do_update()
            .set((values.1, values.2, values.3, values.4))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn count_applications(&mut self, stages: Stages) -> Result<u64, StoreError> {
        let counted = match stages {
            Stages::Waiting => &[ApplicationStage::Waiting][..],
            Stages::Open => &[ApplicationStage::Waiting, ApplicationStage::Asked],
        };
        let found: i64 = a::table
            .filter(a::network_id.eq(self.network_uuid()))
            .filter(a::stage.eq_any(counted.iter().map(|stage| stage.code())))
            .count()
            .get_result(self.conn)
            .map_err(store_error)?;
        Ok(u64::try_from(found).unwrap_or_default())
    }

    fn coordinators(&mut self) -> Result<Vec<UserId>, StoreError> {
        use memberships as m;
        let users: Vec<Uuid> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.is_null())
            .filter(m::ended_at.is_null())
            .filter(m::roles.contains(vec![Role::NetworkCoordinator.code()]))
            .order(m::user_id)
            .select(m::user_id)
            .load(self.conn)
            .map_err(store_error)?;
        Ok(users.into_iter().map(UserId::from_uuid).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_application_and_installation_only() {
        let (keyring, id) = (Keyring::generate().unwrap(), ApplicationId::from_uuid(Uuid::from_u128(7)));
        let token = application_token(&keyring, id).unwrap();
        assert_eq!(application_of(&keyring, token.reveal()), Some(id));
        assert_eq!(application_of(&Keyring::generate().unwrap(), token.reveal()), None);
        for odd in ["", PREFIX, "tr_join_AAAA"] {
            assert_eq!(application_of(&keyring, odd), None, "{odd}");
        }
    }
}
