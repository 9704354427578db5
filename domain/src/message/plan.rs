//! From an event to what follows from it. Every event has its line here, also when nobody is told.
//! Whoever acts is not told of their own act; every other party is, as far as the person lets them hear.

use uuid::Uuid;

use super::over::over;
use super::telling::Telling;
use super::{MessageFailed, TaskKind, closing_news};
use crate::access_request::{AccessRequestEvent, AccessRequestFact};
use crate::application::{ApplicationEvent, ApplicationFact};
use crate::audit::Event;
use crate::consent::SharingEnded;
use crate::custody::{CustodyEvent, CustodyFact};
use crate::define_codes;
use crate::emergency::{EmergencyEvent, EmergencyFact};
use crate::identity::{FactorResetEvent, InvitationEvent, InvitationFact};
use crate::kernel::{
    AccessRequestId, ApplicationId, CustodyOfferId, EmergencyOpeningId, InvitationId, LoginLinkId, OpContext,
    OrganisationId, ReassignmentId, ReferralId, TypedId, UserId,
};
use crate::referral::ReferralEvent;

define_codes! {
    /// Reviewed templates. None of them has room for a name or a need (E3).
    Template {
        RequestToProvider = "request_to_provider", "A request to answer";
        RequestReminder = "request_reminder", "A request that nobody has answered";
        ReferralNews = "referral_news", "News of a referral";
        TaskForWorker = "task_for_worker", "Something to look at";
        CaseloadChanged = "caseload_changed", "People were given to another worker";
        Overdue = "overdue", "Something that is overdue";
        NoAnswer = "no_answer", "Nobody takes up a request";
        DeviceCode = "device_code", "A code for this device";
        Invitation = "invitation", "An invitation to join";
        InvitationWanted = "invitation_wanted", "Somebody asks for a new invitation";
        EmergencyOpened = "emergency_opened", "A record was opened in an emergency";
        OrganisationClosed = "organisation_closed", "An organisation that they work with has closed";
        AccessAsked = "access_asked", "A member asks for access";
        AccessAnswered = "access_answered", "An answer to a request for access";
        CustodyOffered = "custody_offered", "Another organisation offers its records";
        CustodyAnswered = "custody_answered", "An answer to an offer of records";
        ApplicationToConfirm = "application_to_confirm", "A link that proves the address of whoever applies";
        ApplicationWaiting = "application_waiting", "An application waits for an answer";
        ApplicationQuestion = "application_question", "A question to whoever applies";
        ApplicationDeclined = "application_declined", "An application is declined";
        // about a login, and no tenant's business
        CredentialChanged = "credential_changed", "A credential was changed";
        NewDevice = "new_device", "A sign-in on a new device";
        SignInLink = "sign_in_link", "A link to sign in with";
        PasswordRecovery = "password_recovery", "A link to set a new password";
        FactorReset = "factor_reset", "A link to reset the second factor";
    }
}

/// What a mail is about. What it says is read when it goes, inside the tenant it goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    Referral(ReferralId),
    Invitation(InvitationId),
    Emergency(EmergencyOpeningId),
    AccessRequest(AccessRequestId),
    Login(LoginLinkId),
    Closing(OrganisationId),
    Application(ApplicationId),
    Custody(CustodyOfferId),
    Reassignment(ReassignmentId),
}

impl Topic {
    pub fn referral(self) -> Option<ReferralId> {
        match self {
            Self::Referral(referral) => Some(referral),
            Self::Invitation(_)
            | Self::Emergency(_)
            | Self::AccessRequest(_)
            | Self::Login(_)
            | Self::Closing(_)
            | Self::Application(_)
            | Self::Custody(_)
            | Self::Reassignment(_) => None,
        }
    }

    /// What it is about where that is no referral.
    pub fn subject(self) -> Option<Uuid> {
        match self {
            Self::Referral(_) => None,
            Self::Invitation(invitation) => Some(invitation.uuid()),
            Self::Emergency(opening) => Some(opening.uuid()),
            Self::AccessRequest(request) => Some(request.uuid()),
            Self::Login(link) => Some(link.uuid()),
            Self::Closing(organisation) => Some(organisation.uuid()),
            Self::Application(application) => Some(application.uuid()),
            Self::Custody(offer) => Some(offer.uuid()),
            Self::Reassignment(reassignment) => Some(reassignment.uuid()),
        }
    }
}

/// Something that follows from an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// To an organisation's own address, or to a user of it. Without an organisation, to a role of the network.
    Mail {
        template: Template,
        organisation: Option<OrganisationId>,
        user: Option<UserId>,
        about: Topic,
    },
    Task {
        kind: TaskKind,
        organisation: OrganisationId,
        user: Option<UserId>,
        referral: ReferralId,
    },
    /// What these asked for is done, wherever they stand.
    Over {
        kinds: &'static [TaskKind],
        referral: ReferralId,
    },
}

pub fn plan(event: &Event, op: &OpContext) -> Vec<Notice> {
    match event {
        Event::Referral(referral) => {
            let told = closing_news::once_for_all(&referral.fact, op, Telling { event: referral, op }.plan());
            is_over(referral).into_iter().chain(told).collect()
        }
        Event::MessageFailed(failed) => failure_task(failed).into_iter().collect(),
        Event::SharingEnded(ended) => stop_and_confirm(ended, op),
        Event::Invitation(invitation) => invited(invitation).into_iter().collect(),
        Event::Emergency(emergency) => tell_officers(emergency),
        Event::AccessRequest(request) => about_access(request),
        Event::FactorReset(reset) => vec![to_the_login(reset)],
        Event::Application(application) => about_joining(application),
        Event::Custody(custody) => about_custody(custody),
        // With a next step it is due another day; without one it is as late as before.
        Event::Contact(contact) if contact.has_next => {
            vec![Notice::Over { kinds: &[TaskKind::Overdue], referral: contact.referral }]
        }
        // The lists show these; nobody is interrupted by them.
        Event::Person(_)
        | Event::Sameness(_)
        | Event::Plan(_)
        | Event::Decision(_)
        | Event::Contact(_)
        | Event::Service(_)
        | Event::Identity(_)
        | Event::Organisation(_)
        | Event::SettingsChanged { .. }
        | Event::JoiningChanged { .. }
        | Event::SettingsWithdrawn { .. }
        | Event::TaskFinished { .. }
        | Event::Provider(_)
        | Event::AccessReview(_) => Vec::new(),
    }
}

/// First, so that what begins with the same event stays.
fn is_over(event: &ReferralEvent) -> Option<Notice> {
    let kinds = over(&event.fact);
    (!kinds.is_empty()).then_some(Notice::Over { kinds, referral: event.referral })
}

/// A recipient who had finished hears of it like one who had not.
fn stop_and_confirm(ended: &SharingEnded, op: &OpContext) -> Vec<Notice> {
    let (organisation, referral) = (ended.organisation, ended.referral);
    if op.organisation() == Some(organisation) {
        return Vec::new();
    }
    let about = Topic::Referral(referral);
    vec![
        Notice::Mail {
            template: Template::TaskForWorker,
            organisation: Some(organisation),
            user: None,
            about,
        },
        Notice::Task { kind: TaskKind::SharingWithdrawn, organisation, user: None, referral },
    ]
}

/// The link goes to whoever is invited; that it came too late, to whoever invited them.
fn invited(event: &InvitationEvent) -> Option<Notice> {
    let (template, user) = match event.fact {
        InvitationFact::Sent | InvitationFact::Resent => (Template::Invitation, None),
        InvitationFact::AskedAgain { of } => (Template::InvitationWanted, Some(of?)),
        // Whoever lists their people sees these.
        InvitationFact::Withdrawn | InvitationFact::Accepted => return None,
    };
    let about = Topic::Invitation(event.invitation);
    Some(Notice::Mail { template, organisation: event.organisation, user, about })
}

/// At once, and every one of them; an organisation without a privacy officer hears it at its own address.
fn tell_officers(event: &EmergencyEvent) -> Vec<Notice> {
    let EmergencyFact::Opened { officers } = &event.fact else { return Vec::new() };
    let mail = |user| Notice::Mail {
        template: Template::EmergencyOpened,
        organisation: Some(event.custodian),
        user,
        about: Topic::Emergency(event.opening),
    };
    match officers.as_slice() {
        [] => vec![mail(None)],
        officers => officers.iter().map(|officer| mail(Some(*officer))).collect(),
    }
}

/// Those who can change a role hear that it is wanted, and whoever asked hears the answer.
fn about_access(event: &AccessRequestEvent) -> Vec<Notice> {
    let (template, told) = match &event.fact {
        AccessRequestFact::Asked { administrators } => (Template::AccessAsked, administrators.clone()),
        AccessRequestFact::Answered { asker, .. } => (Template::AccessAnswered, vec![*asker]),
    };
    let mail = |user| Notice::Mail {
        template,
        organisation: event.organisation,
        user: Some(user),
        about: Topic::AccessRequest(event.request),
    };
    told.into_iter().map(mail).collect()
}

/// Those who can sign hear that they are asked to, and those who offered hear the answer. Of a record that goes over nobody
/// hears by mail: there may be thousands.
fn about_custody(event: &CustodyEvent) -> Vec<Notice> {
    let (template, organisation, officers) = match &event.fact {
        CustodyFact::Offered { officers, .. } => (Template::CustodyOffered, event.to, officers),
        CustodyFact::Accepted { officers } | CustodyFact::Declined { officers, .. } => {
            (Template::CustodyAnswered, event.from, officers)
        }
        CustodyFact::Withdrawn | CustodyFact::HandedOver { .. } | CustodyFact::Finished => return Vec::new(),
    };
    let mail = |user| Notice::Mail {
        template,
        organisation: Some(organisation),
        user: Some(user),
        about: Topic::Custody(event.offer),
    };
    officers.iter().copied().map(mail).collect()
}

/// To the login's own address, and to nobody else: it is the owner's to go on or to stop it.
fn to_the_login(event: &FactorResetEvent) -> Notice {
    Notice::Mail {
        template: Template::FactorReset,
        organisation: event.organisation,
        user: Some(event.user),
        about: Topic::Login(event.link),
    }
}

/// Whoever applies hears each word of the network; whoever answers hears that there is something to answer. Being let in comes
/// with the invitation.
fn about_joining(event: &ApplicationEvent) -> Vec<Notice> {
    let mail = |template, user| Notice::Mail {
        template,
        organisation: None,
        user,
        about: Topic::Application(event.application),
    };
    match &event.fact {
        ApplicationFact::Made => vec![mail(Template::ApplicationToConfirm, None)],
        ApplicationFact::Confirmed { coordinators } | ApplicationFact::Replied { coordinators } => {
            coordinators.iter().map(|user| mail(Template::ApplicationWaiting, Some(*user))).collect()
        }
        ApplicationFact::QuestionAsked => vec![mail(Template::ApplicationQuestion, None)],
        ApplicationFact::Declined { .. } => vec![mail(Template::ApplicationDeclined, None)],
        ApplicationFact::Approved => Vec::new(),
    }
}

/// What is about no referral shows that it failed on its own page.
fn failure_task(failed: &MessageFailed) -> Option<Notice> {
    let (organisation, referral) = (failed.organisation?, failed.referral?);
    Some(Notice::Task { kind: TaskKind::MessageFailed, organisation, user: None, referral })
}
