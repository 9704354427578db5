//! The organisation's provider, and the viewer's own connections.
use super::document;
use crate::codes::RefusalCode;

document!(IdentityProvider, "documents/identity_provider.graphql");
document!(Connections, "documents/connections.graphql");
document!(ConfigureIdentityProvider, "documents/configure_identity_provider.graphql");
document!(EnableIdentityProvider, "documents/enable_identity_provider.graphql");
document!(TestIdentityProvider, "documents/test_identity_provider.graphql");
document!(DisconnectIdentity, "documents/disconnect_identity.graphql");
