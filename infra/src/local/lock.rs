//! One launcher a state directory: a file lock that the kernel drops when we die, however we die.
//! It guards the starting and stopping, not the data: PostgreSQL has its own lock for that.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::error::LocalError;

/// Held for as long as this launcher owns the directory.
#[derive(Debug)]
pub(super) struct LauncherLock {
    _file: File,
}

impl LauncherLock {
    /// Takes the directory, or says which process has it.
    pub(super) fn take(dir: &Path) -> Result<Self, LocalError> {
        let (mut file, path) = open(&dir.join("launcher.lock"))?;
        match file.try_lock() {
            Ok(()) => {
                // the pid is for people and for scripts/clean-demo; the lock itself is the kernel's
                let written = file
                    .set_len(0)
                    .and_then(|()| file.rewind())
                    .and_then(|()| writeln!(file, "{}", std::process::id()));
                written.map_err(LocalError::io("write", &path))?;
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let _unreadable = file.read_to_string(&mut pid);
                Err(LocalError::InUse { dir: dir.to_path_buf(), pid: pid.trim().to_owned() })
            }
            Err(TryLockError::Error(error)) => Err(LocalError::io("lock", &path)(error)),
        }
    }

    /// Waits its turn: processes of one test run start together.
    pub(super) fn wait_for(path: &Path) -> Result<Self, LocalError> {
        let (file, path) = open(path)?;
        file.lock().map_err(LocalError::io("lock", &path))?;
        Ok(Self { _file: file })
    }
}

fn open(path: &Path) -> Result<(File, PathBuf), LocalError> {
    let opened = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path);
    Ok((opened.map_err(LocalError::io("open", path))?, path.to_path_buf()))
}
