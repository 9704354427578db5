//! Members, invitations and organisations as whoever answers for them sees them. Nobody who is helped is in any of it.

use async_graphql::{Context, ID, Object, SimpleObject};
use jiff::Timestamp;
use trellis_domain::identity::{Held, Invitation, InvitationStage};
use trellis_domain::policy::{Action, Roles};
use trellis_domain::tenancy::{AgreementEntry, Calendars};
use trellis_infra::pg::platform::InvitationFacts;
use trellis_infra::pg::read::{InvitationEntry, ManagedOrganisation, StaffRow};

use super::closing::{ClosingObject, ClosingOutlook};
use super::look::look;
use super::organisation::OrganisationObject;
use crate::graphql::context::gql;
use crate::graphql::enums::{AgreementKind, AgreementStanding, InvitationState, Role};
use crate::graphql::error::Answer;
use crate::graphql::node_id::parse_id;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::{Date, DateTime};

pub fn roles_of(roles: &Roles) -> Vec<Role> {
    roles.iter().filter_map(Role::of).collect()
}

/// A member, as whoever answers for the place sees them.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::By(Action::ListStaff).into()))]
pub struct StaffMember {
    pub id: ID,
    pub user_id: ID,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    /// To be sent with a change.
    pub version: i32,
    pub organisation_id: Option<ID>,
    pub organisation_name: Option<String>,
    pub joined_at: DateTime,
    /// Null: not in the last 90 days; longer is not kept.
    pub last_seen_at: Option<DateTime>,
    /// That the login has one of its own, and not which.
    pub second_factor: bool,
    /// The one who asks.
    pub is_you: bool,
}

impl StaffMember {
    pub fn of(row: StaffRow, you: trellis_domain::kernel::MembershipId) -> Self {
        let (organisation_id, organisation_name) = row.organisation.unzip();
        Self {
            is_you: row.id == you,
            id: row.id.to_string().into(),
            user_id: row.user.to_string().into(),
            name: row.name,
            email: row.email,
            roles: roles_of(&row.roles),
            version: row.version,
            organisation_id: organisation_id.map(|id| id.to_string().into()),
            organisation_name,
            joined_at: row.joined_at.into(),
            last_seen_at: row.last_seen_at.map(Into::into),
            second_factor: row.second_factor,
        }
    }
}

/// A membership after a change.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct ChangedMember {
    pub id: ID,
    pub name: String,
    pub roles: Vec<Role>,
    pub version: i32,
}

impl ChangedMember {
    pub fn new(held: Held) -> Self {
        Self {
            id: held.membership.id.to_string().into(),
            roles: roles_of(&held.membership.roles),
            name: held.membership.name,
            version: held.version,
        }
    }
}

/// An invitation, as whoever may send it again sees it.
#[derive(Debug, Clone)]
pub struct InvitationObject {
    invitation: Invitation,
    /// What a list knows besides.
    entry: Option<InvitationEntry>,
}

impl InvitationObject {
    pub fn new(invitation: Invitation) -> Self {
        Self { invitation, entry: None }
    }

    pub fn listed(entry: InvitationEntry) -> Self {
        Self { invitation: entry.invitation.clone(), entry: Some(entry) }
    }

    async fn entry(&self, ctx: &Context<'_>) -> Answer<InvitationEntry> {
        if let Some(entry) = &self.entry {
            return Ok(entry.clone());
        }
        let invitation = self.invitation.clone();
        look(gql(ctx)?, move |tx, _| Ok(tx.invitation_entry(invitation)?)).await
    }
}

pub fn state_of(invitation: &Invitation, now: Timestamp) -> InvitationState {
    match invitation.stage {
        InvitationStage::Accepted { .. } => InvitationState::Accepted,
        InvitationStage::Withdrawn => InvitationState::Withdrawn,
        InvitationStage::Open if invitation.has_expired(now) => InvitationState::Expired,
        InvitationStage::Open => InvitationState::Open,
    }
}

#[Object(name = "Invitation", directive = rule::apply(Rule::By(Action::ListInvitations).into()))]
impl InvitationObject {
    async fn id(&self) -> ID {
        self.invitation.id.to_string().into()
    }

    async fn email(&self) -> &str {
        self.invitation.email.as_str()
    }

    async fn roles(&self) -> Vec<Role> {
        roles_of(&self.invitation.roles)
    }

    async fn state(&self, ctx: &Context<'_>) -> Answer<InvitationState> {
        Ok(state_of(&self.invitation, gql(ctx)?.now()))
    }

    /// Null for a role in the network itself.
    async fn organisation_name(&self, ctx: &Context<'_>) -> Answer<Option<String>> {
        Ok(self.entry(ctx).await?.organisation_name)
    }

    async fn sent_at(&self) -> DateTime {
        self.invitation.sent_at.into()
    }

    async fn expires_at(&self) -> DateTime {
        self.invitation.expires_at.into()
    }

    /// Whoever was invited came too late, and asks for a new link.
    async fn asked_again_at(&self, ctx: &Context<'_>) -> Answer<Option<DateTime>> {
        Ok(self.entry(ctx).await?.asked_again_at.map(Into::into))
    }

    /// The e-mail could not be delivered: the address may be wrong.
    async fn undeliverable(&self, ctx: &Context<'_>) -> Answer<bool> {
        Ok(self.entry(ctx).await?.undeliverable)
    }
}

/// An invitation, as whoever holds its link sees it.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct OpenedInvitation {
    state: InvitationState,
    /// Of the organisation, or of the network.
    place: String,
    network_name: String,
    email: String,
    roles: Vec<Role>,
    expires_at: DateTime,
    /// The address has a login: it is proved by its password, and no new one is chosen.
    has_login: bool,
}

impl OpenedInvitation {
    pub fn of(facts: &InvitationFacts, now: Timestamp) -> Self {
        let stands = state_of(&facts.invitation, now);
        let lives = matches!(stands, InvitationState::Open | InvitationState::Expired);
        let state = match stands {
            _ if facts.replaced && lives => InvitationState::Replaced,
            // Nothing can be joined that is shut.
            InvitationState::Open if !facts.open => InvitationState::Withdrawn,
            stands => stands,
        };
        Self {
            state,
            place: facts.place().to_owned(),
            network_name: facts.network_name.clone(),
            email: facts.invitation.email.as_str().to_owned(),
            roles: roles_of(&facts.invitation.roles),
            expires_at: facts.invitation.expires_at.into(),
            has_login: facts.has_login,
        }
    }
}

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct SignedAgreement {
    id: ID,
    kind: AgreementKind,
    version: String,
    agreed_on: Date,
    /// The last day on which it holds.
    ends_on: Option<Date>,
    standing: AgreementStanding,
}

/// An organisation, as whoever manages it sees it.
#[derive(Debug, Clone)]
pub struct ManagedOrganisationObject {
    pub managed: ManagedOrganisation,
    pub agreements: Vec<SignedAgreement>,
}

/// How each agreement stands depends on the day in the network's own zone.
pub fn agreements_on<M>(
    tx: &trellis_infra::pg::PgTx<'_, M>,
    now: Timestamp,
    entries: &[AgreementEntry],
) -> Vec<SignedAgreement> {
    let zone = tx.calendar().zone();
    let shown = entries.iter().map(|AgreementEntry { id, agreement }| SignedAgreement {
        id: id.to_string().into(),
        kind: agreement.kind.into(),
        version: agreement.version.as_str().to_owned(),
        agreed_on: agreement.agreed_on.into(),
        ends_on: agreement.ends_on.map(Into::into),
        standing: agreement.standing(now, zone).into(),
    });
    shown.collect()
}

#[Object(name = "ManagedOrganisation", directive = rule::apply(Rule::By(Action::ListOrganisations).into()))]
impl ManagedOrganisationObject {
    async fn id(&self) -> ID {
        self.managed.card.id.to_string().into()
    }

    async fn organisation(&self) -> OrganisationObject {
        OrganisationObject(self.managed.card.clone())
    }

    async fn email(&self) -> Option<&str> {
        self.managed.email.as_deref()
    }

    async fn postcode(&self) -> Option<&str> {
        self.managed.postcode.as_deref()
    }

    async fn suspended_at(&self) -> Option<DateTime> {
        self.managed.suspended_at.map(Into::into)
    }

    async fn closed_at(&self) -> Option<DateTime> {
        self.managed.closed_at.map(Into::into)
    }

    async fn member_count(&self) -> u64 {
        self.managed.members
    }

    async fn administrator_count(&self) -> u64 {
        self.managed.administrators
    }

    /// Of the members: those whose login has nothing but its password. When a second factor is required, they set one up
    /// at their next sign-in.
    #[graphql(directive = rule::apply(Rule::By(Action::ListAccessReview).into()))]
    async fn without_second_factor_count(&self, ctx: &Context<'_>) -> Answer<u64> {
        let id = self.managed.card.id;
        let standing = look(gql(ctx)?, move |tx, op| {
            Ok(tx.review_standing(op.visibility(Action::ListAccessReview)?, Some(id))?)
        });
        Ok(standing.await?.without_second_factor)
    }

    async fn open_invitation_count(&self) -> u64 {
        self.managed.invited
    }

    /// The roles that may be held in an organisation of its kind.
    async fn possible_roles(&self) -> Vec<Role> {
        self.managed.card.kind.roles().iter().copied().filter_map(Role::of).collect()
    }

    async fn agreements(&self) -> &[SignedAgreement] {
        &self.agreements
    }

    /// What closing it would do, with this successor or with none. Counts only; null inside the organisation.
    #[graphql(directive = rule::apply(Rule::By(Action::CloseOrganisation).into()))]
    async fn closing_outlook(
        &self,
        ctx: &Context<'_>,
        successor_id: Option<ID>,
    ) -> Answer<Option<ClosingOutlook>> {
        let gql = gql(ctx)?;
        if gql.session()?.organisation.is_some() {
            return Ok(None);
        }
        let id = self.managed.card.id;
        // One that is none takes nothing.
        let successor = successor_id.and_then(|id| parse_id(&id).ok());
        ClosingOutlook::read(gql, id, successor).await.map(Some)
    }

    /// Organisations that could take what it leaves: of a kind that does its work, with somebody who does it.
    #[graphql(directive = rule::apply(Rule::By(Action::CloseOrganisation).into()))]
    async fn possible_successors(&self, ctx: &Context<'_>) -> Answer<Vec<OrganisationObject>> {
        let gql = gql(ctx)?;
        if gql.session()?.organisation.is_some() {
            return Ok(Vec::new());
        }
        let (id, kind) = (self.managed.card.id, self.managed.card.kind);
        let cards = look(gql, move |tx, _| Ok(tx.possible_successors(id, kind)?)).await?;
        Ok(cards.into_iter().map(OrganisationObject).collect())
    }

    /// How far it is with what it held; null while it is open, and inside an organisation.
    async fn closing(&self, ctx: &Context<'_>) -> Answer<Option<ClosingObject>> {
        let gql = gql(ctx)?;
        if gql.session()?.organisation.is_some() {
            return Ok(None);
        }
        let id = self.managed.card.id;
        let card = self.managed.card.clone();
        let read = look(gql, move |tx, _| Ok(tx.closing(id)?)).await?;
        Ok(read.map(|closing| ClosingObject::new(closing, card)))
    }
}
