//! A browser in coarse words, such as "Firefox on Windows": enough for somebody to know their own devices again, too
//! little to follow anybody. The string itself goes no further than here.

use woothee::parser::Parser;
use woothee::woothee::VALUE_UNKNOWN;

/// Ours are shorter; what is longer is not worth parsing.
const LONGEST_AGENT: usize = 512;
const UNKNOWN: &str = "An unknown device";

pub fn device_words(agent: &str) -> String {
    if agent.len() > LONGEST_AGENT {
        return UNKNOWN.to_owned();
    }
    let Some(read) = Parser::new().parse(agent) else { return UNKNOWN.to_owned() };
    match (read.name, read.os) {
        (VALUE_UNKNOWN, VALUE_UNKNOWN) => UNKNOWN.to_owned(),
        (VALUE_UNKNOWN, system) => format!("A program on {system}"),
        (browser, VALUE_UNKNOWN) => browser.to_owned(),
        (browser, system) => format!("{browser} on {}", plain(system)),
    }
}

/// "Windows 10" and "Windows 11" are one to a browser, so they are one here.
fn plain(system: &str) -> &str {
    if system.starts_with("Windows") { "Windows" } else { system }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_in_words_without_its_version() {
        for (agent, words) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
        ] {
            assert_eq!(device_words(agent), words);
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_unknown_device() {
        for agent in ["", "-", "nonsense", "\u{0}", &"x".repeat(10_000)] {
            assert_eq!(device_words(agent), UNKNOWN, "{agent}");
        }
    }
}
