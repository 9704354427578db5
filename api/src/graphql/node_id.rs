//! Ids outside: opaque, with a prefix that says of which kind. What is malformed or of another kind reads like
//! something that does not exist.

use async_graphql::ID;
use trellis_domain::kernel::{InvalidId, TypedId};

/// The id that a client sent, if it is one of this kind.
pub fn parse_id<I>(id: &ID) -> Result<I, InvalidId>
where
    I: TypedId + std::str::FromStr<Err = InvalidId>,
{
    id.as_str().parse()
}

/// What an id points at, for `node` and `nodes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    Network,
    Organisation,
    Member,
    Person,
    Decision,
    Service,
    Referral,
    Contact,
}

/// The kind that the prefix names, and the UUID behind it.
pub fn node_kind(id: &ID) -> Option<(NodeKind, uuid::Uuid)> {
    let (prefix, uuid) = trellis_domain::kernel::split_id(id.as_str()).ok()?;
    let kind = match prefix {
        "net" => NodeKind::Network,
        "org" => NodeKind::Organisation,
        "mem" => NodeKind::Member,
        "per" => NodeKind::Person,
        "dec" => NodeKind::Decision,
        "svc" => NodeKind::Service,
        "ref" => NodeKind::Referral,
        "con" => NodeKind::Contact,
        _ => return None,
    };
    Some((kind, uuid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use trellis_domain::kernel::{PersonId, ReferralId};

    #[test]
    fn an_id_is_read_as_its_own_kind_only() {
        let id = ReferralId::from_uuid(uuid::Uuid::from_u128(7));
        assert_eq!(parse_id::<ReferralId>(&id.to_string().into()), Ok(id));
        assert_eq!(parse_id::<PersonId>(&id.to_string().into()), Err(InvalidId));
        assert_eq!(node_kind(&id.to_string().into()), Some((NodeKind::Referral, id.uuid())));
        assert_eq!(node_kind(&"tsk_00000000000000000000000000000007".into()), None);
    }
}
