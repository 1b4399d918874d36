// The final states that query_sm may still ask for: of the last messages that were finished, in a ring by their number,
// so that remembering costs no search and no memory beyond its size. A message that ends very late takes the place of
// one whose number lies a whole round away.
#pragma once

#include <vector>

#include "engine/sms/message.hpp"

namespace signalbox::sms {

struct final_outcome {
  message_number number{};   // 0: none
  std::uint64_t source = 0;  // digest of the source address' digits
  wall done;
  std::uint32_t origin = 0;  // the centre's number for its ESME
  message_state state = message_state::enroute;
  error_code code = error_code::none;
};

class outcome_memory {
 public:
  void resize(std::size_t places) {
    if (places != places_) ring_.clear();
    places_ = places;
  }
  // Of a submit_multi the last outcome is remembered.
  void remember(final_outcome const& what) {
    if (places_ == 0) return;
    auto const at = what.number.value % places_;
    if (at >= ring_.size()) ring_.resize(std::min(places_, std::max(at + 1, ring_.size() * 2)));
    ring_[at] = what;
  }
  final_outcome const* find(message_number number) const {
    if (number.value == 0 || ring_.empty() || number.value % places_ >= ring_.size()) return nullptr;
    auto const& found = ring_[number.value % places_];
    return found.number == number ? &found : nullptr;
  }

 private:
  std::size_t places_ = 0;
  std::vector<final_outcome> ring_;
};

}  // namespace signalbox::sms
