//! Taking up an invitation, as far as a login goes: which invitation a token belongs to, and the login that is made for
//! it or proved. The membership is the tenant's; between the two a crash leaves a login that the next try proves.

use diesel::prelude::*;
use jiff::Timestamp;
use trellis_domain::identity::{Invitation, User};
use trellis_domain::kernel::op_context::VerifiedInvitation;
use trellis_domain::kernel::{EmailAddress, StoreError, TypedId, UserId};
use uuid::Uuid;

use super::super::error::{inconsistent, store_error};
use super::super::invitation::{InvitationRow, invitation_columns, invitation_from, invitation_of};
use super::super::schema::{invitations, networks, organisations, users};
use super::sign_in::{Credentials, SignInError};
use super::store::PlatformStore;
use crate::auth::{PasswordRefusal, PasswordStands, check_new_password};

/// An invitation as whoever holds its link may see it. Looking at it spends nothing.
#[derive(Debug, Clone)]
pub struct InvitationFacts {
    pub invitation: Invitation,
    pub network_name: String,
    pub organisation_name: Option<String>,
    /// The organisation is neither suspended nor closed.
    pub open: bool,
    /// A newer link was sent.
    pub replaced: bool,
    /// The address has a login already.
    pub has_login: bool,
}

impl InvitationFacts {
    /// For [`trellis_domain::kernel::OpContext::for_invitation`].
    pub fn verified(&self) -> VerifiedInvitation {
        VerifiedInvitation {
            invitation: self.invitation.id,
            network: self.invitation.network,
            organisation: self.invitation.organisation,
        }
    }

    /// Where one is invited to.
    pub fn place(&self) -> &str {
        self.organisation_name.as_deref().unwrap_or(&self.network_name)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// Malformed, forged, unknown, or an older link: the same answer to a write.
    #[error("there is no such invitation")]
    Unknown,
    #[error("a login needs a name")]
    NoName,
    #[error(transparent)]
    Password(#[from] PasswordRefusal),
    /// The password of the login that the address has already.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

type FactsRow = (InvitationRow, (String, bool), Option<(String, bool)>);

impl PlatformStore {
    pub async fn invitation(&self, token: &str) -> Result<InvitationFacts, JoinError> {
        let (id, generation) = invitation_of(&self.guards.keyring, token).ok_or(JoinError::Unknown)?;
        self.look(move |conn| {
            use {invitations as i, organisations as o};
            let here =
                o::network_id.eq(i::network_id).and(o::organisation_id.nullable().eq(i::organisation_id));
            let row: Option<FactsRow> = i::table
                .inner_join(networks::table.on(networks::network_id.eq(i::network_id)))
                .left_join(o::table.on(here))
                .filter(i::invitation_id.eq(id.uuid()))
                .select((
                    invitation_columns!(),
                    (networks::name, networks::suspended_at.is_null()),
                    (o::name, o::suspended_at.is_null().and(o::closed_at.is_null())).nullable(),
                ))
                .first(conn)
                .optional()
                .map_err(store_error)?;
            let (row, (network_name, network_open), organisation) = row.ok_or(JoinError::Unknown)?;
            let invitation = invitation_from(row)?;
            let known = users::table.filter(users::email.eq(invitation.email.as_str()));
            let has_login =
                diesel::select(diesel::dsl::exists(known)).get_result(conn).map_err(store_error)?;
            Ok(InvitationFacts {
                replaced: invitation.generation != generation,
                open: network_open && organisation.as_ref().is_none_or(|(_, open)| *open),
                organisation_name: organisation.map(|(name, _)| name),
                network_name,
                has_login,
                invitation,
            })
        })
        .await
    }

    /// The login of the address that was invited: proved by its password where there is one, else made now. `name` is
    /// needed for a new one only. Doing it again with the same password is the same login.
    pub async fn login_for(
        &self,
        facts: &InvitationFacts,
        (name, password): (Option<&str>, &str),
        source: &str,
        now: Timestamp,
    ) -> Result<User, JoinError> {
        let email = &facts.invitation.email;
        if !facts.has_login {
            let name = name.map(str::trim).filter(|name| !name.is_empty()).ok_or(JoinError::NoName)?;
            let context = [name, email.as_str(), facts.network_name.as_str(), facts.place()];
            check_new_password(password, &context, PasswordStands::Alone)?;
            let user = User {
                id: UserId::from_uuid(self.guards.ids.next(now)),
                email: email.clone(),
                name: name.to_owned(),
            };
            let hash = self.guards.passwords.hash(password).await.map_err(SignInError::from)?;
            match self.create_user(user, hash, now).await {
                // Another browser was quicker: whoever made it has the same mailbox, and proves the password.
                Err(StoreError::Conflict) => {}
                made => return Ok(made?),
            }
        }
        let credentials = Credentials { email: email.as_str(), password, source };
        Ok(self.prove_login(email, &credentials, now).await?)
    }

    /// Counted like a sign-in: a link is not a way to guess more often.
    async fn prove_login(
        &self,
        email: &EmailAddress,
        credentials: &Credentials<'_>,
        now: Timestamp,
    ) -> Result<User, SignInError> {
        let guesses = match self.count_try(email.as_str(), credentials.source, now).await? {
            Ok(guesses) => guesses,
            Err(retry_after) => return Err(SignInError::TooManyTries { retry_after }),
        };
        let Some((user, hash)) = self.login_of(email.clone()).await? else {
            self.guards.passwords.verify_absent(credentials.password).await?;
            return Err(SignInError::Refused);
        };
        if !self.guards.passwords.verify(credentials.password, &hash).await? {
            return Err(SignInError::Refused);
        }
        self.give_back(guesses).await?;
        Ok(user)
    }

    async fn login_of(&self, email: EmailAddress) -> Result<Option<(User, String)>, StoreError> {
        self.look(move |conn| {
            let row: Option<(Uuid, String, String, String)> = users::table
                .filter(users::email.eq(email.as_str()))
                .filter(users::disabled_at.is_null())
                .select((users::user_id, users::email, users::name, users::password_hash))
                .first(conn)
                .optional()
                .map_err(store_error)?;
            let Some((id, email, name, hash)) = row else { return Ok(None) };
            let email = EmailAddress::parse(&email).map_err(|_| inconsistent("users", "email"))?;
            Ok(Some((User { id: UserId::from_uuid(id), email, name }, hash)))
        })
        .await
    }
}
