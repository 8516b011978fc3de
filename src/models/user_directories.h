// Where a user's files lie, by the XDG base directory rules.

#pragma once

#include <filesystem>

namespace melete::models {

// $XDG_CONFIG_HOME/melete, else ~/.config/melete. It need not exist.
std::filesystem::path user_config_directory();

// $XDG_DATA_HOME/melete, else ~/.local/share/melete. It need not exist.
std::filesystem::path user_data_directory();

// $XDG_STATE_HOME/melete, else ~/.local/state/melete. It need not exist.
std::filesystem::path user_state_directory();

// Below the data directory: where `melete serve --tls auto` keeps its certificate.
std::filesystem::path user_tls_directory();

}  // namespace melete::models
