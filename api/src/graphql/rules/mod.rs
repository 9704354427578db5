//! What it takes to see each field: said where the field is, printed with the schema, read by a reviewer as one table.
//! Whether an action is allowed is the policy's; that the rules are what the code does is shown by the tests.

pub mod matrix;
pub mod table;
pub mod words;

pub use table::{FieldOf, Table};
pub use words::{Rule, rule};
