//! Addresses that an organisation may send us to: those that the whole world can reach. Somebody who administers one
//! organisation must not have the server knock at its neighbours, at the cloud's metadata service, or at itself.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// From the IANA registries of special-purpose addresses (RFC 6890, read 2026-11), and multicast: what is not globally
/// reachable, or only leads somewhere else (6to4, NAT64, Teredo).
const INSIDE: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    "::/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];

pub(super) fn is_outside(address: IpAddr) -> bool {
    // ::ffff:127.0.0.1 is 127.0.0.1.
    let address = address.to_canonical();
    !INSIDE.iter().any(|net| net.parse::<IpNet>().is_ok_and(|net| net.contains(&address)))
}

/// Resolves names, and leaves out what they must not lead to. The answer is what is connected to, so that a name that
/// changes its mind in between (DNS rebinding) gains nothing.
pub(super) struct Outside {
    /// Providers on this machine are allowed.
    pub(super) local: bool,
}

impl Resolve for Outside {
    fn resolve(&self, name: Name) -> Resolving {
        let local = self.local;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let kept: Vec<SocketAddr> = found.filter(|address| local || is_outside(address.ip())).collect();
            if kept.is_empty() {
                return Err("the name leads to no address that may be asked".into());
            }
            let kept: Addrs = Box::new(kept.into_iter());
            Ok(kept)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_is_one() {
        for net in INSIDE {
            assert!(net.parse::<IpNet>().is_ok(), "{net}");
        }
    }

    #[test]
    fn only_what_the_world_can_reach_is_outside() {
        let outside = |text: &str| is_outside(text.parse().unwrap());
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
        ] {
            assert!(!outside(inside), "{inside}");
        }
        for world in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2a00:1450:4009::1", "::ffff:8.8.8.8"] {
            assert!(outside(world), "{world}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_no_address() {
        let asked = |local| Outside { local }.resolve("localhost".parse().unwrap());
        assert!(asked(false).await.is_err());
        assert!(asked(true).await.is_ok_and(|mut found| found.next().is_some()));
    }
}
