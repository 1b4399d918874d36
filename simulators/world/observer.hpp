// Who may watch a world from outside: octets at both ends of every link, power cuts and commits. Watching changes nothing.
#pragma once

#include "engine/base/bytes.hpp"
#include "engine/base/time.hpp"

namespace signalbox::simulators {

class observer {
 public:
  enum class place : std::uint8_t { actor, system };  // which end of a link; of two actors, the calling one is `actor`
  virtual ~observer() = default;
  virtual void on_sent(std::uint64_t link, place at, octet_view data, moment now) = 0;
  virtual void on_arrived(std::uint64_t link, place at, octet_view data, moment now) = 0;
  virtual void on_power_cut(moment now) = 0;
  virtual void on_commit_begun(moment now) = 0;
  virtual void on_commit(bool succeeded, moment now) = 0;
};

}  // namespace signalbox::simulators
