//! Files only their owner may read: reading with a check of the mode, creating without a moment in which
//! a half-written or readable file exists. It knows nothing of what the files contain.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

#[derive(Debug)]
pub enum PrivateFileError {
    Io(io::Error),
    Exposed { mode: u32 },
}

impl From<io::Error> for PrivateFileError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a file after checking, on the open handle, that nobody but its owner may.
pub fn read(path: &Path) -> Result<Zeroizing<String>, PrivateFileError> {
    let mut file = File::open(path)?;
    let mode = file.metadata()?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(PrivateFileError::Exposed { mode });
    }
    let mut text = Zeroizing::new(String::with_capacity(16 * 1024));
    file.read_to_string(&mut text)?;
    Ok(text)
}

/// Creates the file if it is absent. `false`: somebody else's file is there, and it was left alone.
pub fn create(path: &Path, contents: &[u8]) -> io::Result<bool> {
    let draft = write_draft(path, contents)?;
    // A hard link either appears whole or not at all, and never replaces a file.
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Puts the contents in place of the file in one step.
pub fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let draft = write_draft(path, contents)?;
    fs::rename(&draft, path)
}

fn write_draft(path: &Path, contents: &[u8]) -> io::Result<PathBuf> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
    }
    let mut tag = [0_u8; 9];
    aws_lc_rs::rand::fill(&mut tag).map_err(|_| io::Error::other("no randomness"))?;
    let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_os_string();
    name.push(format!(".{}.new", URL_SAFE_NO_PAD.encode(tag)));
    let draft = path.with_file_name(name);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file.write_all(contents).and_then(|()| file.sync_all());
    if let Err(error) = written {
        fs::remove_file(&draft)?;
        return Err(error);
    }
    Ok(draft)
}
