//! Under which account a server runs. PostgreSQL refuses root, so root hands it to `postgres` or `nobody`.
//! Accounts are looked up, never made.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::error::LocalError;

/// The account that a server runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runner {
    Myself,
    Account { uid: u32, gid: u32 },
}

impl Runner {
    /// Chooses the account: our own, or for root the owner of existing data, `preferred`, or `nobody`.
    pub(super) fn choose(preferred: &str, data: &Path) -> Result<Self, LocalError> {
        let owner = fs::metadata(data).ok().map(|found| (found.uid(), found.gid()));
        let me = my_uid();
        if me != Some(0) {
            return match owner {
                Some((uid, _)) if Some(uid) != me => Err(LocalError::NotOurs(data.to_path_buf())),
                _ => Ok(Self::Myself),
            };
        }
        // data made under one account stays with it, even if a better one has appeared since
        if let Some((uid, gid)) = owner.filter(|(uid, _)| *uid != 0) {
            return Ok(Self::Account { uid, gid });
        }
        account(preferred).or_else(|| account("nobody")).ok_or(LocalError::NoUnprivilegedAccount)
    }

    pub(super) fn apply(self, command: &mut Command) {
        if let Self::Account { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
    }

    /// Makes a directory that nobody but the runner (and root) may enter.
    pub(super) fn private_dir(self, path: &Path) -> Result<(), LocalError> {
        match self {
            Self::Myself => make_dir(path, 0o700, None),
            Self::Account { uid, gid } => {
                make_dir(path, 0o700, Some(uid))?;
                chown(path, Some(uid), Some(gid)).map_err(LocalError::io("change the owner of", path))
            }
        }
    }

    /// Whether the account may walk down to `path`: every directory on the way must let it through.
    pub(super) fn reaches(self, path: &Path) -> bool {
        let Self::Account { uid, gid } = self else { return true };
        path.ancestors().filter(|part| !part.as_os_str().is_empty()).all(|part| {
            fs::metadata(part).is_ok_and(|found| {
                let needed = if found.uid() == uid {
                    0o100
                } else if found.gid() == gid {
                    0o010
                } else {
                    0o001
                };
                found.mode() & needed != 0
            })
        })
    }
}

/// Creates a directory with this mode, or accepts one that is ours (or `also`'s).
pub(super) fn make_dir(path: &Path, mode: u32, also: Option<u32>) -> Result<(), LocalError> {
    match fs::create_dir(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => check_ours(path, also)?,
        Err(error) => return Err(LocalError::io("create the directory", path)(error)),
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .map_err(LocalError::io("set the permissions of", path))
}

/// In a shared temporary directory somebody else may have put a link or a directory of theirs under our name.
pub(super) fn check_ours(path: &Path, also: Option<u32>) -> Result<(), LocalError> {
    let found = fs::symlink_metadata(path).map_err(LocalError::io("look at", path))?;
    let owner = Some(found.uid());
    if found.is_dir() && (owner == my_uid() || owner == also) {
        return Ok(());
    }
    Err(LocalError::NotOurs(path.to_path_buf()))
}

fn account(name: &str) -> Option<Runner> {
    Some(Runner::Account { uid: id("-u", name)?, gid: id("-g", name)? })
}

pub(super) fn my_uid() -> Option<u32> {
    let said = Command::new("id").arg("-u").output().ok()?;
    String::from_utf8_lossy(&said.stdout).trim().parse().ok()
}

fn id(what: &str, name: &str) -> Option<u32> {
    let said = Command::new("id").args([what, name]).output().ok()?;
    String::from_utf8_lossy(&said.stdout).trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_does_not_reach_below_a_closed_directory() {
        let stranger = Runner::Account { uid: 65_500, gid: 65_500 };
        let closed = super::super::place::temporary(stranger).join(super::super::place::unique_name());
        make_dir(&closed, 0o700, None).unwrap();
        let below = closed.join("below");
        make_dir(&below, 0o755, None).unwrap();

        assert!(!stranger.reaches(&below));
        make_dir(&closed, 0o711, None).unwrap();
        assert!(stranger.reaches(&below));
        fs::remove_dir_all(closed).unwrap();
    }

    #[test]
    fn a_link_put_in_our_place_is_refused() {
        let base = std::env::temp_dir().join(super::super::place::unique_name());
        make_dir(&base, 0o700, None).unwrap();
        let trap = base.join("trap");
        std::os::unix::fs::symlink("/tmp", &trap).unwrap();

        assert!(matches!(make_dir(&trap, 0o700, None), Err(LocalError::NotOurs(_))));
        fs::remove_dir_all(base).unwrap();
    }
}
