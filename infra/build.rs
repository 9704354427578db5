//! Owns one thing: that a new or changed migration makes cargo embed it.
use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(b"cargo:rerun-if-changed=../migrations\n")
}
