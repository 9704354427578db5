//! What can keep the demo region from being loaded.

use trellis_domain::kernel::StoreError;

type Source = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database holds the region, but not all of it.
    #[error("an earlier load of the demo region was interrupted: start again with --fresh")]
    Interrupted,
    #[error("the invented {what} is not valid")]
    Made { what: &'static str, source: Source },
    /// A use case refused an act of the history: the generator and the rules disagree.
    #[error("the history was refused at {deed}")]
    Refused { deed: &'static str, source: Source },
    #[error("the invented {what} is missing")]
    Absent { what: &'static str },
    #[error("passwords could not be hashed")]
    Password(#[from] trellis_infra::auth::PasswordError),
    #[error("the file of personas could not be written")]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DemoError {
    pub(super) fn made<E: Into<Source>>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Made { what, source: error.into() }
    }

    pub(super) fn refused<E: Into<Source>>(deed: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Refused { deed, source: error.into() }
    }
}
