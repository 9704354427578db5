//! Mail about a login, which goes to the address of the login and is no tenant's business: links to sign in or to set a new
//! password, and a word when a credential was changed or a new device was used. A link is good once, for ten minutes, for what
//! it was sent for.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use diesel::sql_types;
use jiff::{SignedDuration, Timestamp};
use trellis_domain::identity::{Factor, Factors};
use trellis_domain::kernel::{
    EmailAddress, IdSource, NetworkId, OrganisationId, Redacted, StoreError, TypedId, UserId,
};
use trellis_domain::message::Template;
use uuid::Uuid;

use super::super::delivery::{Delivery, Letter};
use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::person::sealed;
use super::super::schema::{login_links as links, outbox, users};
use super::super::time::stored;
use super::Claimed;
use super::accounts::is_enabled;
use super::factors::Visit;
use super::membership::live;
use super::session::SignedIn;
use super::sign_in::SignInError;
use super::store::PlatformStore;
use crate::redis::{Limit, LimitKey, Verdict};
use crate::seal::{DerivedPurpose, KeptSecret, Keyring, SealError, SecretPlace};

const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);
const ID_BYTES: usize = 16;
/// Mails to one address, whoever asks: a mailbox is not to be filled on purpose.
const TO_ONE_ADDRESS: Limit = Limit::per_hour(5);
const FROM_ONE_SOURCE: Limit = Limit::per_minute(10);

/// What a link was sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    SignIn,
    Recovery,
    /// Begun by whoever answers for an organisation of the login; see `reset`.
    FactorReset,
}

impl LinkPurpose {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Recovery => "recovery",
            Self::FactorReset => "factor_reset",
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::SignIn => "tr_link_",
            Self::Recovery => "tr_recovery_",
            Self::FactorReset => "tr_reset_",
        }
    }

    const fn template(self) -> Template {
        match self {
            Self::SignIn => Template::SignInLink,
            Self::Recovery => Template::PasswordRecovery,
            Self::FactorReset => Template::FactorReset,
        }
    }

    const fn page(self) -> &'static str {
        match self {
            Self::SignIn => "/sign-in/link",
            Self::Recovery => "/recover",
            Self::FactorReset => "/reset",
        }
    }
}

fn token_of(keyring: &Keyring, purpose: LinkPurpose, id: Uuid) -> Result<Redacted<String>, SealError> {
    let signature = hmac::sign(&keyring.derived_key(DerivedPurpose::LoginLink)?, &signed(purpose, id));
    let body = URL_SAFE_NO_PAD.encode([id.as_bytes().as_slice(), signature.as_ref()].concat());
    Ok(Redacted::new(format!("{}{body}", purpose.prefix())))
}

/// The id, if we made the token for this purpose. The comparison takes the same time whatever the difference.
fn id_of(keyring: &Keyring, purpose: LinkPurpose, token: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(purpose.prefix())?).ok()?;
    let (id, signature) = bytes.split_first_chunk::<ID_BYTES>()?;
    let id = Uuid::from_bytes(*id);
    let key = keyring.derived_key(DerivedPurpose::LoginLink).ok()?;
    hmac::verify(&key, &signed(purpose, id), signature).ok()?;
    Some(id)
}

fn signed(purpose: LinkPurpose, id: Uuid) -> Vec<u8> {
    [purpose.code().as_bytes(), b"\0", id.as_bytes().as_slice()].concat()
}

impl PlatformStore {
    /// The same answer for every address. Only the worker that sends the mail finds out whether it is somebody's.
    pub async fn mail_link(
        &self,
        typed: &str,
        (purpose, source): (LinkPurpose, &str),
        now: Timestamp,
    ) -> Result<(), SignInError> {
        let email = EmailAddress::parse(typed).ok();
        let address = email.as_ref().map_or("", EmailAddress::as_str);
        for (key, limit) in [
            (LimitKey::new("mail-link-source", &[source]), FROM_ONE_SOURCE),
            (LimitKey::new("mail-link", &[address, purpose.code()]), TO_ONE_ADDRESS),
        ] {
            if let Verdict::Limited { retry_after } = self.guards.limiter.check(&key, limit, now).await {
                tracing::warn!("a mail with a link was not sent: too many were asked for");
                return Err(SignInError::TooManyTries { retry_after });
            }
        }
        let (link, message) = (self.guards.ids.next(now), self.guards.ids.next(now));
        let kept = self.guards.keyring.keep_secret(address_of_link(link), address).map_err(sealed)?;
        self.transact(move |conn| {
            diesel::insert_into(links::table)
                .values((
                    links::link_id.eq(link),
                    links::purpose.eq(purpose.code()),
                    links::sealed_address.eq(kept.bytes),
                    links::address_key_id.eq(kept.key_id),
                    links::created_at.eq(stored(now)),
                    links::expires_at.eq(stored(now.checked_add(GOOD_FOR).unwrap_or(now))),
                ))
                .execute(conn)
                .map_err(store_error)?;
            queue_anywhere(conn, (link, message), purpose.template(), now)
        })
        .await?;
        Ok(())
    }

    /// Whoever reads the mailbox has one proof, no more: a second factor is still asked for.
    pub async fn sign_in_by_link(
        &self,
        token: &str,
        visit: Visit,
        now: Timestamp,
    ) -> Result<SignedIn, SignInError> {
        let id = id_of(&self.guards.keyring, LinkPurpose::SignIn, token).ok_or(SignInError::LinkEnded)?;
        let user = self.look(move |conn| spend(conn, id, LinkPurpose::SignIn, now)).await?;
        let user = user.ok_or(SignInError::LinkEnded)?;
        self.enter((user, Factors::default().and(Factor::EmailLink)), visit, None, now).await
    }

    pub(super) fn recovery_of(&self, token: &str) -> Option<Uuid> {
        id_of(&self.guards.keyring, LinkPurpose::Recovery, token)
    }

    pub(super) fn reset_of(&self, token: &str) -> Option<Uuid> {
        id_of(&self.guards.keyring, LinkPurpose::FactorReset, token)
    }

    /// What a mail about a login says. None for a mail that is about something else.
    pub(crate) async fn login_letter(
        &self,
        claimed: &Claimed,
        now: Timestamp,
    ) -> Option<Result<Delivery, StoreError>> {
        let template = Template::from_code(&claimed.template)?;
        let purpose = match template {
            Template::SignInLink => Some(LinkPurpose::SignIn),
            Template::PasswordRecovery => Some(LinkPurpose::Recovery),
            Template::FactorReset => Some(LinkPurpose::FactorReset),
            Template::CredentialChanged | Template::NewDevice => None,
            _ => return None,
        };
        let (user, about) = (claimed.user, claimed.message.about);
        let keyring = std::sync::Arc::clone(&self.guards.keyring);
        let looked = self.look(move |conn| {
            let user = match (user, about) {
                (None, Some(link)) => whose(conn, &keyring, link)?,
                (user, _) => user,
            };
            let Some(to) = address_of(conn, user)? else {
                return Ok(Delivery::Stop("no such login, or it was disabled"));
            };
            let path = match (purpose, about) {
                (None, _) => "/account".to_owned(),
                (Some(purpose), Some(id)) if is_live(conn, id, purpose, now)? => {
                    let token = token_of(&keyring, purpose, id).map_err(|_| StoreError::Sealed)?;
                    format!("{}/{}", purpose.page(), token.reveal())
                }
                _ => return Ok(Delivery::Stop("the link has run out")),
            };
            Ok::<_, StoreError>(Delivery::Send(Box::new(Letter {
                template,
                to,
                organisation: "Trellis".to_owned(),
                reference: None,
                path: Some(path),
                reply_by: None,
                code: None,
                help_phone: None,
            })))
        });
        Some(looked.await)
    }
}

fn address_of(conn: &mut PgConn, user: Option<UserId>) -> Result<Option<String>, StoreError> {
    let Some(user) = user else { return Ok(None) };
    users::table
        .find(user.uuid())
        .filter(users::disabled_at.is_null())
        .select(users::email)
        .first(conn)
        .optional()
        .map_err(store_error)
}

pub(super) fn is_live(
    conn: &mut PgConn,
    id: Uuid,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let live = links::table
        .find(id)
        .filter(links::purpose.eq(purpose.code()))
        .filter(links::spent_at.is_null())
        .filter(links::expires_at.gt(stored(now)));
    diesel::select(diesel::dsl::exists(live)).get_result(conn).map_err(store_error)
}

/// The login it was sent to, once.
pub(super) fn spend(
    conn: &mut PgConn,
    id: Uuid,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    let user: Option<Option<Uuid>> = diesel::update(links::table.find(id))
        .filter(links::purpose.eq(purpose.code()))
        .filter(links::spent_at.is_null())
        .filter(links::expires_at.gt(stored(now)))
        .set(links::spent_at.eq(stored(now)))
        .returning(links::user_id)
        .get_result(conn)
        .optional()
        .map_err(store_error)?;
    let Some(user) = user.flatten() else { return Ok(None) };
    let user = UserId::from_uuid(user);
    Ok(is_enabled(conn, user)?.then_some(user))
}

fn address_of_link(link: Uuid) -> SecretPlace {
    SecretPlace { column: "login_links.sealed_address", row: link }
}

/// The login of the address that a link was asked for, if it has one that belongs somewhere. From then on the link is its.
fn whose(conn: &mut PgConn, keyring: &Keyring, link: Uuid) -> Result<Option<UserId>, StoreError> {
    let asked: Option<(Option<Vec<u8>>, Option<String>)> = links::table
        .find(link)
        .select((links::sealed_address, links::address_key_id))
        .first(conn)
        .optional()
        .map_err(store_error)?;
    let Some((Some(bytes), Some(key_id))) = asked else { return Ok(None) };
    let address =
        keyring.kept_secret(address_of_link(link), &KeptSecret { key_id, bytes }).map_err(sealed)?;
    let user: Option<Uuid> = users::table
        .filter(users::email.eq(address.as_str()))
        .filter(users::disabled_at.is_null())
        .select(users::user_id)
        .first(conn)
        .optional()
        .map_err(store_error)?;
    let Some(user) = user else { return Ok(None) };
    if live(conn, UserId::from_uuid(user))?.is_empty() {
        return Ok(None);
    }
    diesel::update(links::table.find(link))
        .set(links::user_id.eq(user))
        .execute(conn)
        .map_err(store_error)?;
    Ok(Some(UserId::from_uuid(user)))
}

/// In whatever network: the outbox is kept by network, and it is not known yet whose the address is.
fn queue_anywhere(
    conn: &mut PgConn,
    (link, message): (Uuid, Uuid),
    template: Template,
    now: Timestamp,
) -> Result<(), StoreError> {
    let words = "INSERT INTO outbox (network_id, message_id, template, subject_id, created_at, next_try_at)
        SELECT network_id, $1, $2, $3, $4, $4 FROM networks ORDER BY network_id LIMIT 1";
    diesel::sql_query(words)
        .bind::<sql_types::Uuid, _>(message)
        .bind::<sql_types::Text, _>(template.code())
        .bind::<sql_types::Uuid, _>(link)
        .bind::<sql_types::Timestamptz, _>(stored(now))
        .execute(conn)
        .map_err(store_error)?;
    ring(conn)
}

/// A word to the login itself, in the transaction of what it is about.
pub(super) fn tell(
    conn: &mut PgConn,
    ids: &dyn IdSource,
    (user, network, organisation): (UserId, NetworkId, Option<OrganisationId>),
    template: Template,
    now: Timestamp,
) -> Result<(), StoreError> {
    diesel::insert_into(outbox::table)
        .values((
            outbox::network_id.eq(network.uuid()),
            outbox::message_id.eq(ids.next(now)),
            outbox::organisation_id.eq(organisation.map(TypedId::uuid)),
            outbox::user_id.eq(user.uuid()),
            outbox::template.eq(template.code()),
            outbox::created_at.eq(stored(now)),
            outbox::next_try_at.eq(stored(now)),
        ))
        .execute(conn)
        .map_err(store_error)?;
    ring(conn)
}

/// The worker is told when the transaction commits.
fn ring(conn: &mut PgConn) -> Result<(), StoreError> {
    diesel::sql_query("SELECT pg_notify('trellis_outbox', '')").execute(conn).map_err(store_error).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_purpose_and_installation_only() {
        let (keyring, id) = (Keyring::generate().unwrap(), Uuid::from_u128(7));
        let token = token_of(&keyring, LinkPurpose::SignIn, id).unwrap();
        assert_eq!(id_of(&keyring, LinkPurpose::SignIn, token.reveal()), Some(id));
        let turned = token.reveal().replace("tr_link_", "tr_recovery_");
        assert_eq!(id_of(&keyring, LinkPurpose::Recovery, &turned), None);
        assert_eq!(id_of(&Keyring::generate().unwrap(), LinkPurpose::SignIn, token.reveal()), None);
        for odd in ["", "tr_link_", "tr_link_AAAA"] {
            assert_eq!(id_of(&keyring, LinkPurpose::SignIn, odd), None, "{odd}");
        }
    }
}
