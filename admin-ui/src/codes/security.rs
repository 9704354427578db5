//! Proving who one is.
use super::codes;

codes! {
    PasskeyUse {
        SignIn = "SIGN_IN", "Sign in";
        SecondFactor = "SECOND_FACTOR", "Second step";
        Prove = "PROVE", "Prove who you are";
        Register = "REGISTER", "Add a passkey";
    }
}
