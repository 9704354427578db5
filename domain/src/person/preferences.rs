//! How a person wants to be reached. These bind: a channel that is not allowed cannot be used (A3).

use serde::{Deserialize, Serialize};

use crate::define_codes;
use crate::kernel::Line;

define_codes! {
    Channel {
        Phone = "phone", "Phone";
        Text = "text", "Text message";
        Email = "email", "E-mail";
        Letter = "letter", "Letter";
        Visit = "visit", "In person";
    }
}

define_codes! {
    /// Accessible Information Standard (DAPB1605): the form information is needed in.
    Format {
        Standard = "standard", "Standard print";
        LargePrint = "large_print", "Large print";
        EasyRead = "easy_read", "Easy read";
        Braille = "braille", "Braille";
        Audio = "audio", "Audio";
        Bsl = "bsl", "British Sign Language";
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// The first is preferred. Never empty: somebody with none of the rest is met in person.
    pub channels: Vec<Channel>,
    pub no_voicemail: bool,
    /// "after 2pm", in the person's words.
    pub safe_times: Option<Line>,
    pub format: Format,
    /// BCP 47 of the interpreter, if one is needed.
    pub interpreter: Option<Line>,
}

impl Preferences {
    pub fn by(channel: Channel) -> Self {
        Self {
            channels: vec![channel],
            no_voicemail: false,
            safe_times: None,
            format: Format::Standard,
            interpreter: None,
        }
    }

    pub fn allows(&self, channel: Channel) -> bool {
        self.channels.contains(&channel)
    }
}
