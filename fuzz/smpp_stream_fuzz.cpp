// Any octets as an SMPP stream: cut into PDUs in two ways, decoded, encoded, printed. The first octet says how the
// stream is chunked. Aborts when chunking changes the PDUs, when a decoded PDU does not come back from its encoding,
// or when more than one PDU is held. Repeat a finding: build with the fuzz preset, then
//   build/fuzz/fuzz/smpp_stream_fuzz FILE
#include <cstdlib>

#include "engine/smpp/decode_tool.hpp"
#include "engine/smpp/framing.hpp"

using namespace signalbox;

namespace {

struct cut_stream {
  std::vector<octets> pdus;
  std::optional<smpp::header> bad;
  bool operator==(cut_stream const&) const = default;
};

void require(bool holds) {
  if (!holds) std::abort();
}

cut_stream cut(octet_view stream, std::size_t step) {
  cut_stream result;
  smpp::framer framer;
  while (!stream.empty()) {
    octets const chunk(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(std::min(step, stream.size())));
    framer.feed(chunk);
    while (auto const whole = framer.next()) result.pdus.emplace_back(whole->begin(), whole->end());
    require(framer.pending() < smpp::max_pdu_octets);
    stream = stream.subspan(chunk.size());
  }
  if (auto const* bad = framer.broken()) result.bad = bad->head;
  return result;
}

void check_pdu(octet_view whole) {
  auto const read = smpp::decode(whole);
  if (!read) {
    require(read.error().offset <= whole.size());
    return;
  }
  octets again;
  require(smpp::encode(*read, again).has_value());
  auto const second = smpp::decode(again);
  require(second && *second == *read);
  require(!smpp::to_text(*read).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  octet_view const stream{data + 1, size - 1};
  auto const at_once = cut(stream, std::max<std::size_t>(stream.size(), 1));
  require(at_once == cut(stream, data[0] + 1u));
  for (auto const& whole : at_once.pdus) {
    check_pdu(whole);
    require(smpp::decode_line(to_hex(whole)).ends_with('}'));
  }
  return 0;
}
