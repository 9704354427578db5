//! Invitations of the tenant, and the token of their links: the id, the count of links and a signature over both, so
//! that the database holds nothing that opens one.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::identity::{Invitation, InvitationStage, InvitationWrites};
use trellis_domain::kernel::{
    EmailAddress, InvitationId, MembershipId, NetworkId, OrganisationId, Redacted, StoreError, TypedId,
    UserId,
};
use trellis_domain::policy::Role;
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::identity::codes;
use super::read::organisations::roles_from;
use super::schema::{invitations, memberships};
use super::time::{instant, stored};
use super::tx::{PgTx, ReadWrite};
use crate::auth::SecretPurpose;
use crate::seal::{DerivedPurpose, Keyring, SealError};

const ID_BYTES: usize = 16;
const COUNT_BYTES: usize = 4;

/// The token in the mail's address.
pub(crate) fn invitation_token(
    keyring: &Keyring,
    id: InvitationId,
    generation: i32,
) -> Result<Redacted<String>, SealError> {
    let named = [id.uuid().as_bytes().as_slice(), generation.to_be_bytes().as_slice()].concat();
    let signature = hmac::sign(&keyring.derived_key(DerivedPurpose::InvitationLink)?, &named);
    let body = URL_SAFE_NO_PAD.encode([named.as_slice(), signature.as_ref()].concat());
    Ok(Redacted::new(format!("{}{body}", SecretPurpose::Invitation.prefix())))
}

/// The invitation of a token and which of its links it is, if we made the token.
pub(crate) fn invitation_of(keyring: &Keyring, token: &str) -> Option<(InvitationId, i32)> {
    let body = token.strip_prefix(SecretPurpose::Invitation.prefix())?;
    let bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
    let (named, signature) = bytes.split_at_checked(ID_BYTES + COUNT_BYTES)?;
    let key = keyring.derived_key(DerivedPurpose::InvitationLink).ok()?;
    hmac::verify(&key, named, signature).ok()?;
    let (id, count) = named.split_first_chunk::<ID_BYTES>()?;
    let generation = i32::from_be_bytes(*count.first_chunk::<COUNT_BYTES>()?);
    Some((InvitationId::from_uuid(Uuid::from_bytes(*id)), generation))
}

/// Columns of an invitation, in two parts.
pub(crate) type InvitationRow = (
    (Uuid, Uuid, Option<Uuid>, String, Vec<String>, Option<Uuid>),
    (Stored, Stored, i32, Option<Uuid>, Option<Stored>),
);

/// What an invitation is made of, for every query that reads one.
macro_rules! invitation_columns {
    () => {{
        use $crate::pg::schema::invitations as i;
        (
            (i::network_id, i::invitation_id, i::organisation_id, i::email, i::roles, i::invited_by),
            (i::sent_at, i::expires_at, i::generation, i::membership_id, i::withdrawn_at),
        )
    }};
}
pub(crate) use invitation_columns;

pub(crate) fn invitation_from(row: InvitationRow) -> Result<Invitation, StoreError> {
    let (who, (sent_at, expires_at, generation, membership, withdrawn_at)) = row;
    let (network, id, organisation, email, roles, invited_by) = who;
    let stage = match (membership, withdrawn_at) {
        (Some(membership), _) => {
            InvitationStage::Accepted { membership: MembershipId::from_uuid(membership) }
        }
        (None, Some(_)) => InvitationStage::Withdrawn,
        (None, None) => InvitationStage::Open,
    };
    Ok(Invitation {
        id: InvitationId::from_uuid(id),
        network: NetworkId::from_uuid(network),
        organisation: organisation.map(OrganisationId::from_uuid),
        email: EmailAddress::parse(&email).map_err(|_| inconsistent("invitations", "email"))?,
        roles: roles_from(&roles)?,
        invited_by: invited_by.map(UserId::from_uuid),
        sent_at: instant(sent_at),
        expires_at: instant(expires_at),
        generation,
        stage,
    })
}

impl<M> PgTx<'_, M> {
    /// As it stands, not locked.
    pub(crate) fn invitation(&mut self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        use invitations as i;
        let row: Option<InvitationRow> = i::table
            .filter(i::network_id.eq(self.network_uuid()))
            .filter(i::invitation_id.eq(id.uuid()))
            .select(invitation_columns!())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(invitation_from).transpose()
    }
}

impl InvitationWrites for PgTx<'_, ReadWrite> {
    fn insert_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        use invitations as i;
        diesel::insert_into(i::table)
            .values((
                i::network_id.eq(invitation.network.uuid()),
                i::invitation_id.eq(invitation.id.uuid()),
                i::organisation_id.eq(invitation.organisation.map(TypedId::uuid)),
                i::email.eq(invitation.email.as_str()),
                i::roles.eq(codes(&invitation.roles)),
                i::invited_by.eq(invitation.invited_by.map(TypedId::uuid)),
                i::created_at.eq(stored(invitation.sent_at)),
                i::sent_at.eq(stored(invitation.sent_at)),
                i::expires_at.eq(stored(invitation.expires_at)),
                i::generation.eq(invitation.generation),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn lock_invitation(&mut self, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
        use invitations as i;
        let row: Option<InvitationRow> = i::table
            .filter(i::network_id.eq(self.network_uuid()))
            .filter(i::invitation_id.eq(id.uuid()))
            .select(invitation_columns!())
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(invitation_from).transpose()
    }

    fn save_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        use invitations as i;
        let now = stored(self.op().now());
        let (membership, withdrawn) = match invitation.stage {
            InvitationStage::Open => (None, false),
            InvitationStage::Accepted { membership } => (Some(membership.uuid()), false),
            InvitationStage::Withdrawn => (None, true),
        };
        diesel::update(i::table)
            .filter(i::network_id.eq(self.network_uuid()))
            .filter(i::invitation_id.eq(invitation.id.uuid()))
            .set((
                i::generation.eq(invitation.generation),
                i::sent_at.eq(stored(invitation.sent_at)),
                i::expires_at.eq(stored(invitation.expires_at)),
                i::asked_again_at.eq(None::<Stored>),
                i::membership_id.eq(membership),
                i::accepted_at.eq(membership.map(|_| now)),
                i::withdrawn_at.eq(withdrawn.then_some(now)),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn note_asked_again(&mut self, id: InvitationId) -> Result<bool, StoreError> {
        use invitations as i;
        let noted = diesel::update(i::table)
            .filter(i::network_id.eq(self.network_uuid()))
            .filter(i::invitation_id.eq(id.uuid()))
            .filter(i::asked_again_at.is_null())
            .set(i::asked_again_at.eq(stored(self.op().now())))
            .execute(self.conn)
            .map_err(store_error)?;
        Ok(noted == 1)
    }

    fn is_member(
        &mut self,
        organisation: Option<OrganisationId>,
        email: &EmailAddress,
    ) -> Result<bool, StoreError> {
        use memberships as m;
        let held = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.is_not_distinct_from(organisation.map(TypedId::uuid)))
            .filter(m::email.eq(email.as_str()))
            .filter(m::ended_at.is_null());
        diesel::select(diesel::dsl::exists(held)).get_result(self.conn).map_err(store_error)
    }

    fn is_invited(
        &mut self,
        organisation: Option<OrganisationId>,
        email: &EmailAddress,
    ) -> Result<bool, StoreError> {
        use invitations as i;
        let open = i::table
            .filter(i::network_id.eq(self.network_uuid()))
            .filter(i::organisation_id.is_not_distinct_from(organisation.map(TypedId::uuid)))
            .filter(i::email.eq(email.as_str()))
            .filter(i::accepted_at.is_null())
            .filter(i::withdrawn_at.is_null());
        diesel::select(diesel::dsl::exists(open)).get_result(self.conn).map_err(store_error)
    }

    fn has_administrator(&mut self, organisation: OrganisationId) -> Result<bool, StoreError> {
        use memberships as m;
        let answering = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.eq(organisation.uuid()))
            .filter(m::roles.contains(vec![Role::OrganisationAdmin.code()]))
            .filter(m::ended_at.is_null());
        diesel::select(diesel::dsl::exists(answering)).get_result(self.conn).map_err(store_error)
    }

    fn own_address(&mut self) -> Result<Option<EmailAddress>, StoreError> {
        use memberships as m;
        let Some(proof) = self.op().session() else { return Ok(None) };
        let email: Option<String> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::membership_id.eq(proof.membership.uuid()))
            .select(m::email)
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let parsed = email.as_deref().map(EmailAddress::parse).transpose();
        parsed.map_err(|_| inconsistent("memberships", "email"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_its_invitation_and_no_other_text_does() {
        let keyring = Keyring::generate().unwrap();
        let id = InvitationId::from_uuid(Uuid::from_u128(7));
        let token = |generation| invitation_token(&keyring, id, generation).unwrap().into_inner();
        assert_eq!(invitation_of(&keyring, &token(3)), Some((id, 3)));
        assert_eq!(invitation_of(&Keyring::generate().unwrap(), &token(3)), None);
        let (older, newer) = (token(1), token(2));
        let swapped = format!("{}{}", &older[..40], &newer[40..]);
        for forged in ["", "tr_invite_", "tr_invite_AAAA", &older[..60], &format!("{older}A"), &swapped] {
            assert_eq!(invitation_of(&keyring, forged), None, "{forged}");
        }
    }
}
