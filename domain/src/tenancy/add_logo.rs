//! Keep a picture, so that a change of the settings can name it. Nobody sees it before a version with it holds.

use uuid::Uuid;

use super::{LogoDigest, SettingsError, SettingsOf, SettingsVersion};
use crate::kernel::{OpContext, Recorded, StoreError, Subject};
use crate::policy::Action;

/// As the product has drawn it anew: nothing of the file that was sent is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    pub digest: LogoDigest,
    pub png: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// A logo of the acting place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoOf {
    pub owner: Uuid,
    pub logo: Logo,
}

impl Subject for LogoOf {
    fn subject(&self) -> Uuid {
        self.owner
    }
}

pub trait LogoWrites {
    /// The same picture again is the one that is there.
    fn insert_logo(&mut self, logo: &Logo) -> Result<(), StoreError>;
}

pub fn add_logo<S>(tx: &mut S, op: &OpContext, logo: Logo) -> Result<Recorded<LogoOf>, SettingsError>
where
    S: LogoWrites + ?Sized,
{
    let place = SettingsOf::acting(op, SettingsVersion::of_the_product());
    let permit = op.authorize(Action::AddLogo, &place)?;
    tx.insert_logo(&logo)?;
    Ok(Recorded::new(permit, LogoOf { owner: Subject::subject(&place), logo }, []))
}
