//! The section Admin: which of its pages somebody has, and where it opens. The permissions that GraphQL names decide.
use super::address::Address;
use super::desk::Desk;
use super::seat::Seat;
use super::stop::Page;
use crate::chrome::Section;
use crate::documents::Refusal as Said;
use crate::executor::Fault;
use crate::parts::{Errors, Tab};

/// One page of the section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corner {
    Organisations,
    Applications,
    People,
    Review,
    Invitations,
    Requests,
    SignIn,
    Settings,
    Emergencies,
    Records,
}

impl Corner {
    const ALL: [Self; 10] = [
        Self::Organisations,
        Self::Applications,
        Self::People,
        Self::Review,
        Self::Invitations,
        Self::Requests,
        Self::SignIn,
        Self::Settings,
        Self::Emergencies,
        Self::Records,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Organisations => "Organisations",
            Self::Applications => "Applications",
            Self::People => "People",
            Self::Review => "Access review",
            Self::Invitations => "Invitations",
            Self::Requests => "Requests for access",
            Self::SignIn => "Signing in",
            Self::Settings => "Settings",
            Self::Emergencies => "Emergency openings",
            Self::Records => "Hand over records",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Organisations => "/admin/organisations",
            Self::Applications => "/admin/applications",
            Self::People => "/admin/people",
            Self::Review => "/admin/access-review",
            Self::Invitations => "/admin/invitations",
            Self::Requests => "/access-requests",
            Self::SignIn => "/admin/sign-in",
            Self::Settings => "/admin/settings",
            Self::Emergencies => "/emergencies",
            Self::Records => "/records",
        }
    }

    const fn needed(self) -> &'static str {
        match self {
            Self::Organisations => "organisation.suspend",
            Self::Applications => "application.list",
            Self::People => "member.list",
            Self::Review => "access_review.list",
            Self::Invitations => "invitation.list",
            Self::Requests => "access.list",
            Self::SignIn => "provider.view",
            Self::Settings => "settings.view",
            Self::Emergencies => "emergency.review",
            Self::Records => "custody.list",
        }
    }
}

impl Desk {
    /// The frame of a page of the section, with its tabs.
    pub async fn office(&self, corner: Option<Corner>) -> Result<Seat, Fault> {
        let mut seat = self.seat(Some(Section::Admin)).await?;
        let open = Corner::ALL.into_iter().filter(|one| seat.may(one.needed()));
        let tab = |one: Corner| Tab::new(one.label(), one.path(), corner == Some(one));
        seat.chrome.tabs = open.map(tab).collect();
        Ok(seat)
    }
}

/// The first page of the section that one has.
pub async fn home(desk: Desk) -> Page {
    let seat = desk.office(None).await?;
    let first = seat.chrome.tabs.first().ok_or(Fault::Forbidden)?;
    Ok(Address::to(first.href.clone()).see_other())
}

/// What was refused, beside the field it is about, or beside the one that is named for everything else.
pub fn told(said: &Said, fields: &[(&str, &str)], otherwise: &str) -> Errors {
    let named = said.field.as_deref().unwrap_or_default();
    let field =
        fields.iter().find(|(outside, _)| named.starts_with(outside)).map_or(otherwise, |(_, own)| own);
    let mut errors = Errors::default();
    errors.push(field, format!("{} {}", said.message, said.next));
    errors
}
