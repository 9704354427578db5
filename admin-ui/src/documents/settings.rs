//! What a place has settled, and changing it.
use super::document;
use crate::codes::RefusalCode;

document!(SettingsPage, "documents/settings_page.graphql");
document!(SettingsCheck, "documents/settings_check.graphql");
document!(ChangeSettings, "documents/commands/change_settings.graphql");
document!(WithdrawSettings, "documents/commands/withdraw_settings.graphql");
document!(AddLogo, "documents/commands/add_logo.graphql");
