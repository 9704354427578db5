//! Something that people can be referred to.

use async_graphql::{ID, Object};
use trellis_domain::directory::Service;

/// Something that people can be referred to.
#[derive(Debug, Clone)]
pub struct ServiceObject {
    service: Service,
}

impl ServiceObject {
    pub fn new(service: Service) -> Self {
        Self { service }
    }
}

#[Object(name = "Service")]
impl ServiceObject {
    async fn id(&self) -> ID {
        self.service.id.to_string().into()
    }
}
