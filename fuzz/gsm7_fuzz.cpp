// Fuzzes GSM 7-bit text: packing, the alphabets, the choice of an encoding, splitting, and the JSON tool above them.
// Checks that unpacked octets pack to themselves, that text decodes, encodes and decodes to itself, that counts agree
// with what is encoded, that no part is longer than a message or ends in an escape, and that joined parts say what was
// split. Input: locking table, single table, header octets, then septets or UTF-8.
// Run it with `ci/fuzz gsm7`; repeat a finding with `ci/fuzz gsm7 FILE`.
#include <cstdlib>

#include "engine/text/join.hpp"
#include "engine/text/split.hpp"
#include "engine/text/text_tool.hpp"

namespace {

using namespace signalbox;

void must(bool law) {
  if (!law) std::abort();
}

void check_packing(octet_view data, std::size_t header) {
  auto const most = data.empty() ? 0 : (data.size() * 8 - text::fill_bits(header)) / 7;
  auto const septets = text::unpack(data, most, header).value();
  auto const packed = text::pack(septets, header);
  must(most == 0 || packed.size() <= data.size());  // fill bits alone take an octet too
  must(text::unpack(packed, most, header) == septets);
  must(!text::unpack(data, data.size() * 8 / 7 + 1, header));

  auto padded = text::unpack_padded(data);
  auto const again = text::unpack_padded(text::pack_padded(padded));
  if (again.size() == padded.size() + 1) padded.push_back(text::carriage_return);  // a CR on the boundary is doubled
  must(again == padded);
}

void check_text(std::string const& said, text::shifts tables) {
  must(text::check_utf8(said).has_value());
  auto const sent = text::encode_septets(said, tables);
  must(sent.data.size() == text::count_septets(said, tables));
  must((sent.replaced == 0) == text::count_septets_exactly(said, tables).has_value());
  auto const back = text::decode_septets(sent.data, tables);
  must(sent.replaced > 0 || back == said);
  must(text::encode_septets(back, tables).data == sent.data);
}

void check_split(std::string const& said, text::split_options const& options) {
  auto const done = text::split(said, options);
  auto const size = text::count(said, options);
  if (!done) {
    must(size.parts > text::most_parts);
    return;
  }
  must(size.units == done->units && size.parts == done->parts.size() && size.replaced == done->replaced);
  std::vector<text::piece> pieces;
  for (auto const& part : done->parts) {
    must(part.content.data.size() <= text::user_data_octets);
    must(done->how.set != text::charset::gsm7 || part.body.empty() || part.body.back() != text::escape);
    pieces.insert(pieces.begin(), text::piece_of(part.content).value());
  }
  auto const joined = text::join(pieces).value();
  must(done->replaced > 0 || joined == said);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  must(text::text_tool(text_of({data, size})).starts_with('{'));
  if (size < 3) return 0;
  text::shifts const tables{*text::language_of(data[0] % 14u), *text::language_of(data[1] % 14u)};
  octet_view const rest{data + 3, size - 3};
  check_packing(rest, data[2] % 141u);
  auto const decoded = text::decode_septets(rest, tables);
  check_text(decoded, tables);
  auto const repaired = text::repair_utf8(text_of(rest));
  check_text(repaired, tables);
  for (auto const encoding : {text::wanted::best, text::wanted::gsm7, text::wanted::ucs2, text::wanted::octets8})
    for (auto const& said : {decoded, repaired})
      check_split(said, {.encoding = encoding,
                         .tables = tables,
                         .national = (data[2] & 1) != 0,
                         .reference = data[2],
                         .reference_bits = (data[2] & 2) != 0 ? 8u : 16u,
                         .room = (data[2] & 4) != 0 ? text::part_room::exact : text::part_room::gateway});
  return 0;
}
