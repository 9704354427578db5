//! Prints the policy for review: `cargo run -p trellis-domain --example policy-matrix > domain/src/policy/matrix.txt`.
//! It decides nothing; a test compares the file with the table.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(trellis_domain::policy::matrix::print().as_bytes())
}
