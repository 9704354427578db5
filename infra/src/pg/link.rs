//! A provider's link and the codes that verify a device. The token is the link's id and a signature over it, so the
//! database holds nothing that opens a link. A code is made from a key, the link and the message that carries it: the
//! outbox holds no code, and only a salted digest is kept to check it by.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{LinkId, MessageId, OrganisationId, Redacted, ReferralId, StoreError, TypedId};
use trellis_domain::message::Template;
use trellis_domain::referral::link::{CodeCheck, Link, LinkWrites};
use uuid::Uuid;

use super::error::store_error;
use super::schema::{link_devices, links, outbox};
use super::time::{instant, instant_option, stored};
use super::tx::{PgTx, ReadWrite};
use crate::auth::{Secret, SecretPurpose, ShortCode, StoredCode};
use crate::seal::{DerivedPurpose, Keyring, SealError};

const ID_BYTES: usize = 16;
/// Long enough to fetch a mail.
const CODE_LASTS: SignedDuration = SignedDuration::from_mins(10);
const CODE_TRIES: i16 = 5;
/// Somebody who needs more codes than this for one request is guessing, and is asked to phone.
const MOST_CODES: i16 = 10;
/// Two presses of a button are one code.
const CODE_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(1);
const DEVICE_LASTS: SignedDuration = SignedDuration::from_hours(24 * 90);

diesel::define_sql_function! {
    /// Tells the worker that there is mail, when the transaction commits.
    fn pg_notify(channel: diesel::sql_types::Text, payload: diesel::sql_types::Text);
}

/// The token in the mail's address.
pub(crate) fn token_of(keyring: &Keyring, link: LinkId) -> Result<Redacted<String>, SealError> {
    let id = link.uuid();
    let signature = hmac::sign(&keyring.derived_key(DerivedPurpose::RequestLink)?, id.as_bytes());
    let body = URL_SAFE_NO_PAD.encode([id.as_bytes().as_slice(), signature.as_ref()].concat());
    Ok(Redacted::new(format!("{}{body}", SecretPurpose::RequestLink.prefix())))
}

/// The link of a token, if we made the token. The comparison takes the same time whatever the difference.
pub(crate) fn link_of(keyring: &Keyring, token: &str) -> Option<LinkId> {
    let body = token.strip_prefix(SecretPurpose::RequestLink.prefix())?;
    let bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
    let (id, signature) = bytes.split_first_chunk::<ID_BYTES>()?;
    let key = keyring.derived_key(DerivedPurpose::RequestLink).ok()?;
    hmac::verify(&key, id, signature).ok()?;
    Some(LinkId::from_uuid(Uuid::from_bytes(*id)))
}

/// The code that one message carries. A million of them share 64 bits, so none is likelier than another.
pub(crate) fn code_of(keyring: &Keyring, link: LinkId, message: MessageId) -> Result<ShortCode, SealError> {
    let mut context = hmac::Context::with_key(&keyring.derived_key(DerivedPurpose::DeviceCode)?);
    context.update(link.uuid().as_bytes());
    context.update(message.uuid().as_bytes());
    let signature = context.sign();
    let number = signature.as_ref().first_chunk::<8>().ok_or(SealError::Provider)?;
    let digits = format!("{:06}", u64::from_be_bytes(*number) % 1_000_000);
    ShortCode::parse(&digits).map_err(|_| SealError::Provider)
}

/// What is kept of the code that is out.
pub(crate) struct CodeRow {
    pub(crate) stored: Option<StoredCode>,
    pub(crate) expires_at: Option<Timestamp>,
    tries: i16,
    sent: i16,
}

impl CodeRow {
    /// Is there a code to be typed at this instant?
    pub(crate) fn is_out(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires| now < expires)
    }
}

impl<M> PgTx<'_, M> {
    /// Was this device verified for the acting organisation? Contact details are shown to no other.
    pub fn is_verified_device(&mut self, device: &str) -> Result<bool, StoreError> {
        use link_devices as d;
        let Ok(secret) = Secret::parse(SecretPurpose::Device, device) else { return Ok(false) };
        let digest = secret.digest();
        let known = d::table
            .filter(d::network_id.eq(self.network_uuid()))
            .filter(d::organisation_id.eq(self.organisation_uuid()))
            .filter(d::secret_hash.eq(digest.as_bytes().as_slice()))
            .filter(d::expires_at.gt(stored(self.op().now())))
            .select(d::expires_at);
        diesel::select(diesel::dsl::exists(known)).get_result(self.conn).map_err(store_error)
    }

    /// The link as it stands, not locked.
    pub(crate) fn link(&mut self, id: LinkId) -> Result<Option<Link>, StoreError> {
        use links as l;
        let row: Option<LinkRow> = l::table
            .filter(l::network_id.eq(self.network_uuid()))
            .filter(l::link_id.eq(id.uuid()))
            .select((l::link_id, l::organisation_id, l::referral_id, l::expires_at, l::spent_at))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(row.map(link_from))
    }

    pub(crate) fn code_row(&mut self, id: LinkId) -> Result<CodeRow, StoreError> {
        use links as l;
        let (hash, expires_at, tries, sent): (Option<Vec<u8>>, Option<Stored>, i16, i16) = l::table
            .filter(l::network_id.eq(self.network_uuid()))
            .filter(l::link_id.eq(id.uuid()))
            .select((l::code_hash, l::code_expires_at, l::code_tries, l::codes_sent))
            .first(self.conn)
            .map_err(store_error)?;
        let code = hash.as_deref().map(StoredCode::from_stored).transpose();
        let stored = code.map_err(|_| super::error::inconsistent("links", "code_hash"))?;
        Ok(CodeRow { stored, expires_at: instant_option(expires_at), tries, sent })
    }
}

type LinkRow = (Uuid, Uuid, Uuid, Stored, Option<Stored>);

pub(crate) fn link_from((id, organisation, referral, expires_at, spent_at): LinkRow) -> Link {
    Link {
        id: LinkId::from_uuid(id),
        organisation: OrganisationId::from_uuid(organisation),
        referral: ReferralId::from_uuid(referral),
        expires_at: instant(expires_at),
        spent_at: instant_option(spent_at),
    }
}

fn fault<E: std::error::Error + Send + Sync + 'static>(error: E) -> StoreError {
    StoreError::Fault(Box::new(error))
}

impl LinkWrites for PgTx<'_, ReadWrite> {
    fn lock_link(&mut self, id: LinkId) -> Result<Option<Link>, StoreError> {
        use links as l;
        let row: Option<LinkRow> = l::table
            .filter(l::network_id.eq(self.network_uuid()))
            .filter(l::link_id.eq(id.uuid()))
            .select((l::link_id, l::organisation_id, l::referral_id, l::expires_at, l::spent_at))
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(row.map(link_from))
    }

    fn spend_link(&mut self, id: LinkId) -> Result<(), StoreError> {
        use links as l;
        let now = stored(self.op().now());
        let spent = diesel::update(l::table)
            .filter(l::network_id.eq(self.network_uuid()))
            .filter(l::link_id.eq(id.uuid()))
            .filter(l::spent_at.is_null())
            .filter(l::expires_at.gt(now))
            .set(l::spent_at.eq(now))
            .execute(self.conn)
            .map_err(store_error)?;
        if spent == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    fn send_code(&mut self, link: &Link) -> Result<bool, StoreError> {
        let (now, before) = (self.op().now(), self.code_row(link.id)?);
        if before.sent >= MOST_CODES {
            return Ok(false);
        }
        let fresh_until = before.expires_at.and_then(|at| at.checked_sub(CODE_LASTS - CODE_AGAIN_AFTER).ok());
        if fresh_until.is_some_and(|until| now < until) {
            return Ok(true);
        }
        let message: MessageId = self.op().new_id();
        let code = code_of(self.keyring(), link.id, message).map_err(fault)?;
        let kept = code.stored(link.id.uuid()).map_err(fault)?;
        let expires = now.checked_add(CODE_LASTS).map_err(fault)?;
        self.keep_code(link.id, &kept, expires)?;
        self.queue_code_mail(link, message)?;
        Ok(true)
    }

    fn check_code(&mut self, link: &Link, typed: &str) -> Result<CodeCheck, StoreError> {
        let now = self.op().now();
        let row = self.code_row(link.id)?;
        let Some(kept) = row.stored.as_ref().filter(|_| row.is_out(now)) else {
            return Ok(CodeCheck::Expired);
        };
        if row.tries >= CODE_TRIES {
            return Ok(CodeCheck::TooManyTries);
        }
        let right = ShortCode::parse(typed).is_ok_and(|typed| kept.matches(link.id.uuid(), &typed));
        if !right {
            self.count_code_try(link.id)?;
            return Ok(CodeCheck::Wrong);
        }
        self.forget_code(link.id)?;
        let device = Secret::generate(SecretPurpose::Device).map_err(fault)?;
        self.keep_device(&device)?;
        Ok(CodeCheck::Right { device: Redacted::new(device.expose().to_owned()) })
    }
}

impl PgTx<'_, ReadWrite> {
    fn keep_code(&mut self, id: LinkId, code: &StoredCode, expires: Timestamp) -> Result<(), StoreError> {
        use links as l;
        diesel::update(l::table)
            .filter(l::network_id.eq(self.network_uuid()))
            .filter(l::link_id.eq(id.uuid()))
            .set((
                l::code_hash.eq(code.to_bytes()),
                l::code_expires_at.eq(stored(expires)),
                l::code_tries.eq(0),
                l::codes_sent.eq(l::codes_sent + 1),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn count_code_try(&mut self, id: LinkId) -> Result<(), StoreError> {
        use links as l;
        diesel::update(l::table)
            .filter(l::network_id.eq(self.network_uuid()))
            .filter(l::link_id.eq(id.uuid()))
            .set(l::code_tries.eq(l::code_tries + 1))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    /// A code is good once.
    fn forget_code(&mut self, id: LinkId) -> Result<(), StoreError> {
        use links as l;
        diesel::update(l::table)
            .filter(l::network_id.eq(self.network_uuid()))
            .filter(l::link_id.eq(id.uuid()))
            .set((l::code_hash.eq(None::<Vec<u8>>), l::code_expires_at.eq(None::<Stored>)))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn keep_device(&mut self, device: &Secret) -> Result<(), StoreError> {
        use link_devices as d;
        let now = self.op().now();
        diesel::insert_into(d::table)
            .values((
                d::network_id.eq(self.network_uuid()),
                d::organisation_id.eq(self.organisation_uuid()),
                d::secret_hash.eq(device.digest().as_bytes().as_slice()),
                d::created_at.eq(stored(now)),
                d::expires_at.eq(stored(now.checked_add(DEVICE_LASTS).map_err(fault)?)),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn queue_code_mail(&mut self, link: &Link, message: MessageId) -> Result<(), StoreError> {
        use outbox as o;
        let now = stored(self.op().now());
        diesel::insert_into(o::table)
            .values((
                o::network_id.eq(self.network_uuid()),
                o::message_id.eq(message.uuid()),
                o::organisation_id.eq(link.organisation.uuid()),
                o::from_organisation_id.eq(link.organisation.uuid()),
                o::template.eq(Template::DeviceCode.code()),
                o::referral_id.eq(link.referral.uuid()),
                o::link_id.eq(link.id.uuid()),
                o::created_at.eq(now),
                o::next_try_at.eq(now),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        diesel::select(pg_notify("trellis_outbox", "")).execute(self.conn).map_err(store_error).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_its_link_and_no_other_text_does() {
        let keyring = Keyring::generate().unwrap();
        let link = LinkId::from_uuid(Uuid::from_u128(7));
        let token = token_of(&keyring, link).unwrap().into_inner();
        assert_eq!(link_of(&keyring, &token), Some(link));
        assert_eq!(link_of(&Keyring::generate().unwrap(), &token), None);
        let other = token_of(&keyring, LinkId::from_uuid(Uuid::from_u128(8))).unwrap().into_inner();
        let swapped = format!("{}{}", &token[..40], &other[40..]);
        for forged in ["", "tr_request_", "tr_request_AAAA", &token[..70], &format!("{token}A"), &swapped] {
            assert_eq!(link_of(&keyring, forged), None, "{forged}");
        }
    }

    #[test]
    fn a_code_belongs_to_its_message_and_comes_out_the_same_again() {
        let keyring = Keyring::generate().unwrap();
        let link = LinkId::from_uuid(Uuid::from_u128(7));
        let code = |message: u128| {
            let message = MessageId::from_uuid(Uuid::from_u128(message));
            code_of(&keyring, link, message).unwrap().expose().to_owned()
        };
        assert_eq!(code(1), code(1));
        assert!((2..20).any(|message| code(message) != code(1)));
    }
}
