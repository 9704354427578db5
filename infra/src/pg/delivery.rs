//! What one message of the outbox says, and whether it may still go: read inside the recipient's tenant at the moment
//! of sending, so that a withdrawn decision or a member who left stops it.

use diesel::prelude::*;
use trellis_domain::application::ApplicationStage;
use trellis_domain::consent::{DecisionReads, Purpose};
use trellis_domain::custody::{CustodyReads, Standing};
use trellis_domain::emergency::EmergencyReads;
use trellis_domain::kernel::{
    ApplicationId, CustodyOfferId, EmergencyOpeningId, InvitationId, LinkId, MessageId, OrganisationId,
    StoreError, TypedId, UserId,
};
use trellis_domain::message::{MessageWrites, Template};
use trellis_domain::referral::{FeedbackChoice, Referral, ReferralReads, Stage};
use trellis_domain::tenancy::{Calendars, OrganisationReads};

use super::application::application_token;
use super::error::{inconsistent, store_error};
use super::invitation::invitation_token;
use super::link::{code_of, token_of};
use super::platform::Claimed;
use super::schema::{memberships, networks, organisations, outbox};
use super::time::stored;
use super::tx::{PgTx, ReadOnly, ReadWrite};
use crate::auth::ShortCode;

/// What is put into a template. There is no room for a person or a need.
pub(crate) struct Letter {
    pub(crate) template: Template,
    pub(crate) to: String,
    pub(crate) organisation: String,
    /// Of the referral it is about, where it is about one.
    pub(crate) reference: Option<String>,
    /// Of the page it leads to, below the address of this installation.
    pub(crate) path: Option<String>,
    pub(crate) reply_by: Option<String>,
    pub(crate) code: Option<ShortCode>,
    pub(crate) help_phone: Option<String>,
}

pub(crate) enum Delivery {
    Send(Box<Letter>),
    /// There is no reason to send it any more.
    Stop(&'static str),
    /// There is nowhere to send it: whoever caused it has to know.
    Undeliverable(&'static str),
}

/// Where it goes, and who answers the phone there.
struct Recipient {
    /// As it is registered: what a place chooses to be shown as is checked by nobody, and a mail goes to strangers.
    name: String,
    help_phone: Option<String>,
    address: Option<String>,
}

impl PgTx<'_, ReadOnly> {
    pub(crate) fn delivery(&mut self, claimed: &Claimed) -> Result<Delivery, StoreError> {
        let template =
            Template::from_code(&claimed.template).ok_or_else(|| inconsistent("outbox", "template"))?;
        if !self.is_queued(claimed.message.id)? {
            return Ok(Delivery::Stop("stopped before it went"));
        }
        let recipient = match self.recipient(claimed.message.recipient, claimed.user)? {
            Ok(recipient) => recipient,
            Err(not_there) => return Ok(not_there),
        };
        match template {
            Template::RequestToProvider
            | Template::RequestReminder
            | Template::DeviceCode
            | Template::ReferralNews
            | Template::Overdue
            | Template::NoAnswer
            | Template::TaskForWorker => self.about_a_referral(template, recipient, claimed),
            Template::Invitation => self.invitation_letter(recipient, claimed),
            Template::InvitationWanted => Ok(leads_to("/admin/invitations", template, recipient)),
            Template::EmergencyOpened => self.about_an_emergency(template, recipient, claimed),
            Template::OrganisationClosed => Ok(leads_to("/today", template, recipient)),
            Template::CaseloadChanged => Ok(leads_to("/people", template, recipient)),
            Template::AccessAsked => Ok(leads_to("/access-requests", template, recipient)),
            Template::AccessAnswered => Ok(leads_to("/", template, recipient)),
            Template::CustodyOffered | Template::CustodyAnswered => {
                self.about_custody(template, recipient, claimed)
            }
            Template::ApplicationWaiting => Ok(leads_to("/admin/applications", template, recipient)),
            Template::ApplicationToConfirm
            | Template::ApplicationQuestion
            | Template::ApplicationDeclined => self.applicants_letter(template, recipient, claimed),
            // The platform answers these before a tenant is asked.
            Template::CredentialChanged
            | Template::NewDevice
            | Template::SignInLink
            | Template::PasswordRecovery
            | Template::FactorReset => Ok(Delivery::Stop("about a login")),
        }
    }

    fn about_a_referral(
        &mut self,
        template: Template,
        recipient: Recipient,
        claimed: &Claimed,
    ) -> Result<Delivery, StoreError> {
        let referral = claimed.message.referral.map(|id| self.referral(id)).transpose()?.flatten();
        let Some(referral) = referral else { return Ok(Delivery::Stop("no such referral any more")) };
        let Some(to) = recipient.address else {
            return Ok(match template {
                // It stands on their lists; that a reminder went nowhere is nothing that anybody could mend.
                Template::Overdue | Template::RequestReminder | Template::NoAnswer => {
                    Delivery::Stop("the place has no address")
                }
                _ => Delivery::Undeliverable("no address"),
            });
        };
        let letter = Letter {
            template,
            to,
            organisation: recipient.name,
            reference: Some(referral.reference.as_str().to_owned()),
            path: None,
            reply_by: None,
            code: None,
            help_phone: recipient.help_phone,
        };
        match template {
            Template::RequestToProvider | Template::RequestReminder => {
                self.request(letter, &referral, claimed.link)
            }
            Template::Overdue if referral.stage.due().is_none_or(|due| due > self.op().now()) => {
                Ok(Delivery::Stop("it is not overdue any more"))
            }
            Template::NoAnswer
                if !matches!(referral.stage, Stage::Sent { .. } | Stage::Waitlisted { .. }) =>
            {
                Ok(Delivery::Stop("it was answered"))
            }
            Template::DeviceCode => self.code(letter, &referral, claimed),
            Template::ReferralNews
                if referral.hears(claimed.message.recipient) == FeedbackChoice::Nothing =>
            {
                Ok(Delivery::Stop("the person shares no news"))
            }
            _ => {
                let path = Some(format!("/referrals/{}", referral.id));
                Ok(Delivery::Send(Box::new(Letter { path, ..letter })))
            }
        }
    }

    /// To an address that belongs to no member yet; only the newest link, and only while it can be taken up.
    fn invitation_letter(&mut self, recipient: Recipient, claimed: &Claimed) -> Result<Delivery, StoreError> {
        let id = claimed.message.about.map(InvitationId::from_uuid);
        let invitation = id.map(|id| self.invitation(id)).transpose()?.flatten();
        let Some(invitation) = invitation else { return Ok(Delivery::Stop("no such invitation any more")) };
        if invitation.check_open(self.op().now()).is_err() || claimed.created_at < invitation.sent_at {
            return Ok(Delivery::Stop("the invitation or this link of it is good no more"));
        }
        let token = invitation_token(self.keyring(), invitation.id, invitation.generation)
            .map_err(|e| StoreError::Fault(Box::new(e)))?;
        let day = invitation.expires_at.to_zoned(self.calendar().zone().clone());
        Ok(Delivery::Send(Box::new(Letter {
            template: Template::Invitation,
            to: String::from(invitation.email),
            organisation: recipient.name,
            reference: None,
            path: Some(format!("/invitation/{}", token.reveal())),
            reply_by: Some(day.strftime("%-d %B").to_string()),
            code: None,
            help_phone: recipient.help_phone,
        })))
    }

    /// To the address that was typed; only while it still says what is true.
    fn applicants_letter(
        &mut self,
        template: Template,
        recipient: Recipient,
        claimed: &Claimed,
    ) -> Result<Delivery, StoreError> {
        let id = claimed.message.about.map(ApplicationId::from_uuid);
        let application = id.map(|id| self.application(id)).transpose()?.flatten();
        let Some(application) = application else {
            return Ok(Delivery::Stop("no such application any more"));
        };
        let stands = match template {
            Template::ApplicationToConfirm => ApplicationStage::Unconfirmed,
            Template::ApplicationQuestion => ApplicationStage::Asked,
            _ => ApplicationStage::Declined,
        };
        if application.stage != stands {
            return Ok(Delivery::Stop("the application has gone on"));
        }
        let token =
            application_token(self.keyring(), application.id).map_err(|e| StoreError::Fault(Box::new(e)))?;
        let path = format!("/application/{}", token.reveal());
        let address = Some(String::from(application.details.email));
        Ok(leads_to(&path, template, Recipient { address, ..recipient }))
    }

    /// Also when it has ended by now: it has to be reviewed all the same.
    fn about_an_emergency(
        &mut self,
        template: Template,
        recipient: Recipient,
        claimed: &Claimed,
    ) -> Result<Delivery, StoreError> {
        let id = claimed.message.about.map(EmergencyOpeningId::from_uuid);
        let opening = id.map(|id| self.opening(id)).transpose()?.flatten();
        if opening.is_none_or(|opening| opening.review.is_some()) {
            return Ok(Delivery::Stop("it was reviewed"));
        }
        Ok(leads_to("/emergencies", template, recipient))
    }

    /// While it still waits for an answer, to those who give it; and the answer, to those who asked for it.
    fn about_custody(
        &mut self,
        template: Template,
        recipient: Recipient,
        claimed: &Claimed,
    ) -> Result<Delivery, StoreError> {
        let id = claimed.message.about.map(CustodyOfferId::from_uuid);
        let offer = id.map(|id| self.custody_offer(id)).transpose()?.flatten();
        let asks = template == Template::CustodyOffered;
        if offer.is_none_or(|offer| asks && offer.standing != Standing::Offered) {
            return Ok(Delivery::Stop("it was answered or taken back"));
        }
        Ok(leads_to("/records", template, recipient))
    }

    fn is_queued(&mut self, id: MessageId) -> Result<bool, StoreError> {
        use outbox as o;
        let queued = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::message_id.eq(id.uuid()))
            .filter(o::status.eq("queued"));
        diesel::select(diesel::dsl::exists(queued)).get_result(self.conn).map_err(store_error)
    }

    fn recipient(
        &mut self,
        organisation: Option<OrganisationId>,
        user: Option<UserId>,
    ) -> Result<Result<Recipient, Delivery>, StoreError> {
        use memberships as m;
        let Some(place) = self.place(organisation)? else {
            return Ok(Err(Delivery::Undeliverable("the organisation is suspended or closed")));
        };
        let Some(user) = user else { return Ok(Ok(place)) };
        let address: Option<String> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.is_not_distinct_from(organisation.map(TypedId::uuid)))
            .filter(m::user_id.eq(user.uuid()))
            .filter(m::ended_at.is_null())
            .select(m::email)
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        if address.is_none() {
            return Ok(Err(Delivery::Stop("the member has left")));
        }
        Ok(Ok(Recipient { address, ..place }))
    }

    /// None for an organisation that nothing is sent to. The network has no address of its own.
    fn place(&mut self, organisation: Option<OrganisationId>) -> Result<Option<Recipient>, StoreError> {
        use {networks as n, organisations as o};
        let Some(organisation) = organisation else {
            let (name, help_phone): (String, Option<String>) = n::table
                .find(self.network_uuid())
                .select((n::name, n::help_phone))
                .first(self.conn)
                .map_err(store_error)?;
            return Ok(Some(Recipient { name, help_phone, address: None }));
        };
        let row: Option<(String, String, Option<String>)> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.eq(organisation.uuid()))
            .filter(o::suspended_at.is_null())
            .filter(o::closed_at.is_null())
            .select((o::name, o::help_phone, o::email))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(row.map(|(name, help_phone, address)| Recipient { name, help_phone: Some(help_phone), address }))
    }

    /// Only while an answer is wanted, the link answers it, and the person still agrees.
    fn request(
        &mut self,
        letter: Letter,
        referral: &Referral,
        link: Option<LinkId>,
    ) -> Result<Delivery, StoreError> {
        let Stage::Sent { reply_by } = referral.stage else {
            return Ok(Delivery::Stop("no answer is wanted any more"));
        };
        let link = link.map(|id| self.link(id)).transpose()?.flatten();
        let now = self.op().now();
        let Some(link) = link.filter(|link| link.spent_at.is_none() && !link.has_expired(now)) else {
            return Ok(Delivery::Stop("the link is spent or expired"));
        };
        if !self.is_agreed(referral)? {
            return Ok(Delivery::Stop("the sharing decision does not hold any more"));
        }
        let token = token_of(self.keyring(), link.id).map_err(|e| StoreError::Fault(Box::new(e)))?;
        let day = reply_by.to_zoned(self.calendar().zone().clone()).strftime("%-d %B").to_string();
        let help_phone = self.asker_phone(referral, &letter)?;
        let path = Some(format!("/r/{}", token.reveal()));
        Ok(Delivery::Send(Box::new(Letter { path, reply_by: Some(day), help_phone, ..letter })))
    }

    fn is_agreed(&mut self, referral: &Referral) -> Result<bool, StoreError> {
        let Some(recipient) = self.organisation(referral.to.organisation)? else { return Ok(false) };
        let Some(id) = referral.decision else { return Ok(false) };
        let (now, decision) = (self.op().now(), self.decision(id)?);
        Ok(decision.is_some_and(|it| it.active_for(Purpose::Referral, recipient.facts(), now).is_ok()))
    }

    /// Only the code that is out, and only while it can be typed.
    fn code(
        &mut self,
        letter: Letter,
        referral: &Referral,
        claimed: &Claimed,
    ) -> Result<Delivery, StoreError> {
        let Some(link) = claimed.link else { return Ok(Delivery::Stop("a code without a link")) };
        let code =
            code_of(self.keyring(), link, claimed.message.id).map_err(|e| StoreError::Fault(Box::new(e)))?;
        let row = self.code_row(link)?;
        let is_this = row.stored.as_ref().is_some_and(|kept| kept.matches(link.uuid(), &code));
        if !row.is_out(self.op().now()) || !is_this || !referral.stage.holds_place() {
            return Ok(Delivery::Stop("the code is not good any more"));
        }
        let help_phone = self.asker_phone(referral, &letter)?;
        Ok(Delivery::Send(Box::new(Letter { code: Some(code), help_phone, ..letter })))
    }

    /// A provider who has a question phones whoever asked.
    fn asker_phone(&mut self, referral: &Referral, letter: &Letter) -> Result<Option<String>, StoreError> {
        let asker = self.organisation(referral.from.organisation)?;
        Ok(asker.map(|asker| asker.help_phone).or_else(|| letter.help_phone.clone()))
    }
}

/// It says that there is something to read, and where.
fn leads_to(path: &str, template: Template, recipient: Recipient) -> Delivery {
    let Some(to) = recipient.address else { return Delivery::Undeliverable("no address") };
    Delivery::Send(Box::new(Letter {
        template,
        to,
        organisation: recipient.name,
        reference: None,
        path: Some(path.to_owned()),
        reply_by: None,
        code: None,
        help_phone: recipient.help_phone,
    }))
}

impl MessageWrites for PgTx<'_, ReadWrite> {
    fn mark_dead(&mut self, id: MessageId) -> Result<bool, StoreError> {
        use outbox as o;
        let dead = diesel::update(o::table)
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::message_id.eq(id.uuid()))
            .filter(o::status.eq("queued"))
            .set((o::status.eq("dead"), o::settled_at.eq(stored(self.op().now()))))
            .execute(self.conn)
            .map_err(store_error)?;
        Ok(dead == 1)
    }
}
