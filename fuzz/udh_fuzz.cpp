// Fuzzes the user data header, TP-UD as a whole, and reassembly.
// Checks that a header that decodes encodes to the same octets, that TP-UD that opens composes to itself, that faults
// lie inside the input, and that a reassembler fed with the input's messages in turn stays within its bounds and gives
// out what join() gives. Input: messages, each a control octet (charset, header or not), TP-UDL, a length, octets.
// Run it with `ci/fuzz udh`; repeat a finding with `ci/fuzz udh FILE`.
#include <algorithm>
#include <cstdlib>

#include "engine/text/reassembler.hpp"

namespace {

using namespace signalbox;

void must(bool law) {
  if (!law) std::abort();
}

void check_header(octet_view data) {
  auto const header = text::decode_udh(data);
  if (!header) return must(header.error().offset <= data.size());
  must(std::ranges::equal(text::encode_udh(*header).value(), data));
  if (auto const place = text::find_concatenation(*header))
    must(text::find_concatenation({{text::element_of(*place)}}) == place);
  if (auto const ports = text::find_ports(*header)) must(text::find_ports({{text::element_of(*ports)}}) == ports);
  auto const tables = text::find_shifts(*header);
  must(text::find_shifts({text::elements_of(tables)}) == tables);
}

void check_user_data(text::user_data const& from) {
  auto const opened = text::open(from);
  if (!opened) return must(opened.error().offset <= from.data.size());
  auto const header = octet_view(from.data).first(opened->header_octets);
  auto const again = text::compose(from.set, header, opened->body);
  must(again.length == from.length && again.has_header == from.has_header);
  must(text::open(again) == opened);  // not octet by octet: fill bits and spare bits may hold anything
}

text::user_data next_message(reader& in) {
  constexpr text::charset sets[] = {text::charset::gsm7, text::charset::octets8, text::charset::ucs2,
                                    text::charset::unsupported};
  auto const control = in.u8();
  auto const length = in.u8();
  auto const data = in.take(std::min<std::size_t>(in.u8(), in.left()));
  return {sets[control & 3], (control & 4) != 0, length, {data.begin(), data.end()}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  check_header({data, size});
  text::reassembly_limits const limits{.messages = 4, .parts = 16, .age = 30s};
  text::reassembler box(limits);
  reader in{octet_view{data, size}};
  for (auto now = instant{}; in.left() > 0; now += 1s) {
    auto const message = next_message(in);
    check_user_data(message);
    box.expire(now);
    auto const piece = text::piece_of(message);
    if (!piece) continue;
    auto const whole = box.add("sender", *piece, now);
    if (!piece->place && whole) must(*whole == *text::join({&*piece, 1}));
    must(box.unfinished() <= limits.messages && box.unfinished() <= limits.parts);
    must(box.unfinished() == 0 ? !box.deadline() : *box.deadline() > now);
  }
  return 0;
}
