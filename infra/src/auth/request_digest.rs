//! A fingerprint of what a client asked for, to tell a repeat from another request under the same key.

use aws_lc_rs::digest;

/// SHA-256 of the operation's name and its input.
pub fn request_digest(operation: &str, input: &[u8]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    // The length keeps the name and the input apart.
    context.update(&operation.len().to_le_bytes());
    context.update(operation.as_bytes());
    context.update(input);
    context.finish().as_ref().first_chunk::<32>().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_operation_or_input_has_another_digest() {
        let first = request_digest("acceptReferral", b"{}");
        assert_eq!(first, request_digest("acceptReferral", b"{}"));
        assert_ne!(first, request_digest("acceptReferral", b"{ }"));
        assert_ne!(first, request_digest("acceptReferral{", b"}"));
    }
}
