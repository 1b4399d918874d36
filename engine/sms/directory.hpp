// Who may bind, who may send from where, and which ESME a destination belongs to. The tables behind admission and
// routing, with their patterns compiled once (RE2: no pattern can be made to hang).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <unordered_map>

#include "engine/base/result.hpp"
#include "engine/sms/message.hpp"
#include "engine/sms/settings.hpp"

namespace re2 {
class RE2;
}

namespace signalbox::sms {

using esme_index = std::size_t;  // position in definition order

struct bind_attempt {
  bind_kind kind = binds_transceiver;
  std::string_view system_id, password, host, address_range;
  std::uint8_t ton = 0, npi = 0;
};

// Why a bind is refused, in the order of the checks.
enum class bind_refusal : std::uint8_t { no_such_esme, already_bound, wrong_password, wrong_address };

class directory {
 public:
  explicit directory(std::vector<esme> esmes);
  ~directory();
  directory(directory&&) noexcept;
  directory& operator=(directory&&) noexcept;

  // `in_use[i]` sessions of ESME i are bound. The first ESME whose system_id, bind kind and host match decides.
  std::expected<esme_index, bind_refusal> admit(bind_attempt const& attempt,
                                                std::span<std::uint32_t const> in_use) const;

  bool may_send_from(esme_index sender, address const& source) const;

  // The ESME that `destination` belongs to: those of the network whose routing range matches, but never the sender.
  // The first in definition order decides; `preferred` (the originator, for its receipts) comes before it if it matches.
  std::optional<esme_index> route(address const& destination, network_id network, std::string_view sender,
                                  std::string_view preferred = {}) const;

  std::vector<esme> const& esmes() const { return esmes_; }
  std::optional<esme_index> find(std::string_view name) const;

 private:
  bool matches(esme_index candidate, address const& destination, network_id network) const;

  std::vector<esme> esmes_;
  std::vector<std::unique_ptr<re2::RE2>> sources_, routes_;  // null: matches everything
  std::unordered_map<std::string, esme_index> by_name_;
};

// A pattern as ESME ranges are written; a fault says what the pattern compiler says.
result<void> check_pattern(std::string_view pattern);

}  // namespace signalbox::sms
