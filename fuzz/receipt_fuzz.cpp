// Receipt text (sms/receipts.hpp): whatever parses must say the same when it is formatted and parsed again.
// Reproduce: build/fuzz/fuzz/receipt_fuzz FILE.
#include <cstdlib>

#include "engine/sms/receipts.hpp"

using namespace signalbox;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const first = sms::parse_receipt(text_of({data, size}));
  if (!first) {
    if (first.error().offset > size || first.error().field.empty()) std::abort();
    return 0;
  }
  // Dates are written to the minute, and only as many digits of counts as fit: compare what survives that.
  auto const second = sms::parse_receipt(sms::format(*first));
  if (!second || second->id != first->id || second->submitted != first->submitted || second->state != first->state ||
      second->error != first->error || second->text != first->text)
    std::abort();
  return 0;
}
