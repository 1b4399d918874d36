// How a simulated peer answers message requests: with which status, after how long, or not at all. Used by the ESME
// for deliver_sm and data_sm, by the SMSC for submit_sm and its kin.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/entropy.hpp"
#include "engine/base/time.hpp"

namespace signalbox::simulators {

// "50ms" or "50ms..2s", every time between them equally likely.
struct delay_law {
  duration from = 0s;
  duration to = 0s;
  duration draw(entropy& chance) const;
  static result<delay_law> parse(std::string_view text);
  std::string text() const;
  bool operator==(delay_law const&) const = default;
};

// "10%ESME_RTHROTTLED,1%silence": shares of answers that differ from the normal one.
struct status_mix {
  struct share {
    unsigned percent = 0;
    std::optional<std::uint32_t> status;  // nullopt: no answer
    bool operator==(share const&) const = default;
  };
  std::vector<share> shares;
  static result<status_mix> parse(std::string_view text);
  std::string text() const;
  bool operator==(status_mix const&) const = default;
};

// `*` stands for any characters, `?` for one.
bool matches(std::string_view pattern, std::string_view text);

// "4477*:ESME_RX_T_APPN,4478??:silence": by destination, the first pattern that matches the whole number decides.
struct number_outcomes {
  struct rule {
    std::string pattern;
    std::optional<std::uint32_t> status;  // nullopt: no answer
    bool operator==(rule const&) const = default;
  };
  std::vector<rule> rules;
  static result<number_outcomes> parse(std::string_view text);
  std::string text() const;
  bool operator==(number_outcomes const&) const = default;
};

// A status for options: "ESME_ROK", "0x58", or "silence".
struct answer_status {
  std::optional<std::uint32_t> status = 0;
  static result<answer_status> parse(std::string_view text);
  std::string text() const;
  bool operator==(answer_status const&) const = default;
};

struct answer_profile {
  answer_status normal{};      // when nothing below applies
  status_mix mix{};            // seeded shares
  number_outcomes outcomes{};  // stronger than the mix
  delay_law delay{};
  // nullopt: no answer.
  std::optional<std::uint32_t> status_for(std::string_view destination, entropy& chance) const;
  bool operator==(answer_profile const&) const = default;
};

}  // namespace signalbox::simulators
