//! Which implementation of cryptography TLS uses in this process: one, chosen once.

/// One crypto provider for everything in the process that speaks TLS.
pub fn install_crypto_provider() {
    // A second call finds it installed, which is what was wanted.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}
