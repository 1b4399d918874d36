// Any octets as the optional parameters of a PDU: what is read must encode to the same octets, and validating,
// printing and the accessors must cope with all of it. Repeat a finding: build with the fuzz preset, then
//   build/fuzz/fuzz/tlv_fuzz FILE
#include <algorithm>
#include <cstdlib>

#include "engine/smpp/tlv.hpp"

using namespace signalbox;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  octet_view const input{data, size};
  smpp::tlvs const shape;
  smpp::tlv_list list;
  reader in{input};
  shape.get(in, list);
  if (!in) require(in.why().offset <= size);

  octets again;
  writer out{again};
  shape.put(out, list);
  require(static_cast<bool>(out));
  require(again.size() <= size && std::equal(again.begin(), again.end(), data));
  if (in) require(again.size() == size);

  std::string text, json;
  text_sink words{text};
  json_sink object{json};
  for (auto const& t : list) {
    smpp::print_tlv(words, t);
    smpp::print_tlv(object, t);
    require(smpp::find(list, t.tag) != nullptr);
    auto const number = smpp::find_number(list, t.tag);
    require(!number || smpp::find(list, t.tag)->value.size() <= 4);
    require(smpp::find_text(list, t.tag)->find('\0') == std::string::npos);
    auto const valid = smpp::validate(t);
    require(valid || valid.error().offset <= t.value.size() + 4);
  }
  object.close();
  return 0;
}
