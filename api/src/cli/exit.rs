//! How a command ends.

use std::process::ExitCode;

/// The exit codes that scripts lean on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Ok,
    Failed,
    Usage,
    NotReady,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Ok => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::NotReady => 3,
        })
    }
}

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub enum Failure {
    /// It could not start: the configuration, a database, a schema. Says how to mend it.
    NotReady(String),
    /// What was asked cannot be meant.
    Usage(String),
    Failed(anyhow::Error),
}

impl Failure {
    pub fn not_ready(error: impl std::fmt::Display) -> Self {
        Self::NotReady(error.to_string())
    }

    pub fn usage(error: impl std::fmt::Display) -> Self {
        Self::Usage(error.to_string())
    }

    /// Says it on standard error, causes included.
    pub fn report(&self) -> Exit {
        match self {
            Self::NotReady(why) => {
                eprintln!("trellis: not ready: {why}");
                Exit::NotReady
            }
            Self::Usage(why) => {
                eprintln!("trellis: {why}");
                Exit::Usage
            }
            Self::Failed(error) => {
                eprintln!("trellis: {error:#}");
                Exit::Failed
            }
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}
