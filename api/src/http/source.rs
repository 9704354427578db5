//! Where a request comes from, as limits count it. Behind a proxy every peer is the proxy: without knowing which peers are
//! ours, one guesser would use up everybody's tries, and with believing whoever says so, nobody's would ever be used up.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;
use ipnet::{IpNet, Ipv6Net};

const FORWARDED: &str = "x-forwarded-for";
/// A household or a practice has that many addresses of IPv6 to choose from.
const OF_ONE_SOURCE: u8 = 64;

/// The proxies that stand before us. What they say of who came is believed, and what anybody else says is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

#[derive(Debug, thiserror::Error)]
#[error("{0} is neither an address nor a range of addresses")]
pub struct NotARange(String);

impl Proxies {
    /// Addresses and ranges with commas between them, such as `127.0.0.1, 10.0.4.0/24`.
    pub fn parse(text: &str) -> Result<Self, NotARange> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let range = |part: &str| {
            let range = part.parse::<IpNet>().ok().or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from));
            range.ok_or_else(|| NotARange(part.to_owned()))
        };
        parts.map(range).collect::<Result<_, _>>().map(Self)
    }

    /// The nearest hop that is none of ours.
    pub fn source(&self, request: &HttpRequest) -> String {
        let Some(peer) = request.peer_addr() else { return "unknown".to_owned() };
        // A visitor may have written anything on the left: what our own proxies wrote behind it is read all the same.
        let told =
            request.headers().get_all(FORWARDED).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let lines: Vec<_> = told.collect();
        let hops: Vec<&str> = lines.iter().flat_map(|line| line.split(',')).collect();
        counted(self.nearest(peer.ip(), &hops)).to_string()
    }

    /// From the right: each proxy writes behind what it was told, so that what a visitor made up stands on the left.
    fn nearest(&self, peer: IpAddr, hops: &[&str]) -> IpAddr {
        let mut nearest = peer.to_canonical();
        for hop in hops.iter().rev() {
            if !self.0.iter().any(|ours| ours.contains(&nearest)) {
                break;
            }
            let Some(before) = address(hop.trim()) else { break };
            nearest = before.to_canonical();
        }
        nearest
    }
}

/// Some proxies write the port too, or brackets without one.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

fn counted(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(whole) => {
            Ipv6Net::new(whole, OF_ONE_SOURCE).map_or(address, |net| IpAddr::V6(net.network()))
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn source(proxies: &str, peer: &str, told: &[&str]) -> String {
        let mut request = TestRequest::default().peer_addr(SocketAddr::new(peer.parse().unwrap(), 4000));
        for line in told {
            request = request.append_header((FORWARDED, *line));
        }
        Proxies::parse(proxies).unwrap().source(&request.to_http_request())
    }

    #[test]
    fn whoever_is_no_proxy_of_ours_says_what_they_like() {
        assert_eq!(source("", "192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(source("10.0.4.0/24", "192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
    }

    #[test]
    fn behind_our_proxies_it_is_the_nearest_hop_that_is_none_of_them() {
        let ours = "127.0.0.1, 10.0.4.0/24";
        assert_eq!(source(ours, "127.0.0.1", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(source(ours, "127.0.0.1", &["203.0.113.9, 192.0.2.7, 10.0.4.2"]), "192.0.2.7", "made up");
        assert_eq!(source(ours, "127.0.0.1", &["203.0.113.9", "192.0.2.7:5501"]), "192.0.2.7");
        assert_eq!(source(ours, "::ffff:127.0.0.1", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(source(ours, "127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(source(ours, "127.0.0.1", &["192.0.2.7, somebody"]), "127.0.0.1");
        assert_eq!(source(ours, "127.0.0.1", &["[2001:db8:1:2::7]"]), "2001:db8:1:2::");
    }

    #[test]
    fn what_a_visitor_writes_does_not_hide_what_our_proxy_wrote_behind_it() {
        let odd = actix_web::http::header::HeaderValue::from_bytes(b"\xe9, 192.0.2.7").unwrap();
        let peer = SocketAddr::new("127.0.0.1".parse().unwrap(), 4000);
        let request =
            TestRequest::default().peer_addr(peer).append_header((FORWARDED, odd)).to_http_request();
        assert_eq!(Proxies::parse("127.0.0.1").unwrap().source(&request), "192.0.2.7");
    }

    #[test]
    fn the_addresses_of_one_household_are_one_source() {
        let (one, other) = ("2001:db8:1:2::7", "2001:db8:1:2:ffff::1");
        assert_eq!(source("", one, &[]), source("", other, &[]));
        assert_ne!(source("", one, &[]), source("", "2001:db8:1:3::7", &[]));
    }

    #[test]
    fn what_is_no_range_is_named() {
        let refused = Proxies::parse("10.0.4.0/24, proxy.example.org").unwrap_err();
        assert!(refused.to_string().starts_with("proxy.example.org is neither"));
    }
}
