//! Who is signed in, as the frame around a page: name, organisation, sections, switcher. The sections follow from the
//! permissions that GraphQL names; nothing here decides one.
use super::desk::Desk;
use crate::chrome::{Accent, Account, Brand, Chrome, HelpLine, Membership, Section};
use crate::codes::{Code, OrganisationKind, Role};
use crate::documents::viewer::{Frame, frame};
use crate::executor::{Fault, House};

/// Somebody signed in, and the frame drawn for them.
#[derive(Debug, Clone)]
pub struct Seat {
    pub chrome: Chrome,
    pub user_id: String,
    pub organisation: Option<Place>,
    /// Its name.
    network: String,
    permissions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub id: String,
    pub name: String,
    pub kind: OrganisationKind,
}

impl Desk {
    /// The frame of this page for whoever is signed in.
    pub async fn seat(&self, current: Option<Section>) -> Result<Seat, Fault> {
        let viewer = self.ask::<Frame>(frame::Variables).await?.viewer;
        Ok(seated(viewer, self.house(), current))
    }

    /// The frame when nobody has to be signed in.
    pub fn doorway(&self) -> Chrome {
        Chrome::signed_out(self.house().help.clone(), self.house().demo)
    }
}

impl Seat {
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.iter().any(|known| known == permission)
    }

    pub fn is_ours(&self, organisation_id: &str) -> bool {
        self.organisation.as_ref().is_some_and(|ours| ours.id == organisation_id)
    }

    /// For whom somebody acts, by its registered name.
    pub fn place_name(&self) -> String {
        self.organisation.as_ref().map_or_else(|| self.network.clone(), |ours| ours.name.clone())
    }

    /// Where this membership starts its day.
    pub fn home(&self) -> &'static str {
        // Who may read why a record was opened begins there.
        if self.may("emergency.review") {
            return "/emergencies";
        }
        [Section::Today, Section::Admin, Section::Services]
            .into_iter()
            .find(|section| self.may(needed(*section)))
            .map_or("/accessibility", Section::path)
    }
}

/// The permission behind a section.
const fn needed(section: Section) -> &'static str {
    match section {
        Section::Today => "worklist.list",
        Section::Referrals => "referral.list",
        Section::People => "caseload.list",
        Section::Services => "directory.view",
        Section::Admin => "member.list",
        // It has no pages yet, and no permission opens it.
        Section::Outcomes => "",
    }
}

fn seated(viewer: frame::FrameViewer, house: &House, current: Option<Section>) -> Seat {
    let organisation = viewer.organisation;
    let phone = organisation.as_ref().map_or(&house.help.phone, |ours| &ours.help_phone).clone();
    let help = HelpLine { phone, hours: house.help.hours.clone() };
    let sections: Vec<Section> = Section::ALL
        .into_iter()
        .filter(|section| viewer.permissions.iter().any(|known| known == needed(*section)))
        .collect();
    let searches = ["person.search", "referral.list"];
    let may_search = viewer.permissions.iter().any(|known| searches.contains(&known.as_str()));
    let registered = organisation.as_ref().map_or(&viewer.network.name, |ours| &ours.name);
    let shown = viewer.branding.display_name.unwrap_or_else(|| registered.clone());
    let brand = Brand {
        line: viewer.branding.short_line,
        logo: viewer.branding.logo_address,
        accent: viewer.branding.accent.as_deref().and_then(Accent::of),
    };
    let chrome = Chrome {
        organisation: Some(shown),
        brand,
        account: Some(Account { name: viewer.name, role: roles(&viewer.roles) }),
        memberships: viewer.memberships.into_iter().map(membership).collect(),
        search: may_search.then(String::new),
        idle_minutes: u32::try_from(viewer.session.idle_minutes).unwrap_or_default(),
        ends_at: Some(viewer.session.ends_at.to_string()),
        ..Chrome::signed_out(help, house.demo)
    }
    .with_sections(&sections, current);
    let place = organisation.map(|ours| Place { id: ours.id, name: ours.name, kind: ours.kind });
    Seat {
        chrome,
        user_id: viewer.user_id,
        organisation: place,
        network: viewer.network.name,
        permissions: viewer.permissions,
    }
}

fn membership(held: frame::FrameViewerMemberships) -> Membership {
    Membership {
        id: held.id,
        organisation: held.organisation_name.unwrap_or(held.network_name),
        role: roles(&held.roles),
        current: held.current,
    }
}

fn roles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.words()).collect::<Vec<_>>().join(" and ")
}

/// One line about what was just done, from the code in the address: nothing that somebody else wrote is ever shown.
pub fn done_words(code: &str) -> Option<String> {
    let words = match code {
        "contact" => "Contact saved.",
        "task" => "Marked as done.",
        "send" | "refer" => "Referral sent.",
        "accept" => "Referral accepted.",
        "waitlist" => "Added to the waiting list.",
        "offer-place" => "Place offered.",
        "return" => "Sent back to whoever asked.",
        "decline" => "Declined. Whoever asked has been told.",
        "allocate" => "Given to the worker.",
        "acknowledge-risk" => "Risk acknowledged.",
        "start" => "Started.",
        "hold" => "Put on hold.",
        "resume" => "Resumed.",
        "complete" => "Finished. Whoever asked hears what the person lets them hear.",
        "end" => "Ended.",
        "withdraw" => "Withdrawn. Everybody involved has been told.",
        "cancel" => "Cancelled.",
        "transfer" => "Passed on.",
        "reopen" => "Reopened.",
        "added" => "Organisation added. Its first people have been invited.",
        "suspended" => "Suspended. Nobody acts for it from now on.",
        "let-in" => "Let in again.",
        "closed" => "Closed for good. What it held is being settled.",
        "successor" => "Successor named. What is left is looked at again.",
        "agreement" => "Agreement kept.",
        "approved" => "Let in. Whoever applied is invited as administrator.",
        "asked-applicant" => "Question sent.",
        "declined-applicant" => "Declined. They have been told.",
        "joining" => "Saved.",
        "invited" => "Invitation sent.",
        "taken-back" => "Invitation taken back.",
        "roles" => "Roles changed. They hold from the next request.",
        "signed-out" => "Signed out everywhere.",
        "left" => "Membership ended.",
        "reset-begun" => {
            "They get an e-mail, and go on with their password or stop it. Nothing was taken away yet."
        }
        "access-confirmed" => "Confirmed. Who looked, and when, is on record.",
        "emergency" => "The record is open to you for 24 hours, to read. Whoever keeps it has been told.",
        "emergency-closed" => "Ended. The record is closed to you.",
        "emergency-reviewed" => "Review saved.",
        "answered" => "Answered. They have been told.",
        "app-removed" => "The authenticator app was removed, and you were signed out everywhere else.",
        "passkey-added" => "Passkey added.",
        "passkey-renamed" => "Passkey renamed.",
        "passkey-removed" => "The passkey was removed, and you were signed out everywhere else.",
        "password-changed" => "Password changed.",
        "session-ended" => "Signed out there.",
        "sessions-ended" => "Signed out everywhere else.",
        "settings" => "Settings published.",
        "settings-withdrawn" => "Withdrawn. It will not take effect.",
        "switched" => "You switched organisation.",
        _ => return done_with_records(code).map(str::to_owned),
    };
    Some(words.to_owned())
}

fn done_with_records(code: &str) -> Option<&'static str> {
    Some(match code {
        "records-offered" => "Offered. Their privacy officers have been told.",
        "records-withdrawn" => "Taken back. Nothing was handed over.",
        "records-accepted" => {
            "Accepted. The records come over one after another; this can take some minutes."
        }
        "records-declined" => "Declined. Whoever offered has been told.",
        _ => return None,
    })
}
