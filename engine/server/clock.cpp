#include "engine/server/clock.hpp"

#include <openssl/rand.h>

#include <cstdlib>

namespace signalbox::server {

moment now() {
  auto const steady = std::chrono::steady_clock::now().time_since_epoch();
  auto const calendar = std::chrono::system_clock::now().time_since_epoch();
  return {instant(std::chrono::duration_cast<duration>(steady)), wall(std::chrono::duration_cast<duration>(calendar))};
}

std::uint64_t system_entropy::next() {
  if (left_ == 0) {
    // Fails only when the kernel gives no seed at all; going on with guessable ids would be worse than ending.
    if (RAND_bytes(reinterpret_cast<unsigned char*>(block_.data()), sizeof block_) != 1) std::abort();
    left_ = block_.size();
  }
  return block_[--left_];
}

}  // namespace signalbox::server
