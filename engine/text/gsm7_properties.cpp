// Laws of septets: what goes in comes out, and septets and octets stand in their fixed relation.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/text/text_generators.hpp"

namespace signalbox::text {
namespace {

RC_GTEST_PROP(gsm7_properties, text_comes_back, ()) {
  auto const tables = *any_shifts();
  auto const text = *texts_in(tables);
  auto const sent = encode_septets(text, tables);
  RC_ASSERT(sent.replaced == 0u);
  RC_ASSERT(count_septets(text, tables) == sent.data.size());
  RC_ASSERT(count_septets_exactly(text, tables) == sent.data.size());
  RC_ASSERT(decode_septets(sent.data, tables) == text);
}

RC_GTEST_PROP(gsm7_properties, packed_septets_come_back, ()) {
  auto const septets = *any_septets();
  auto const header = *rc::gen::inRange<std::size_t>(0, 140);
  auto const packed = pack(septets, header);
  RC_ASSERT(packed.size() == packed_octets(septets.size(), header));
  RC_ASSERT(unpack(packed, septets.size(), header).value() == septets);
}

RC_GTEST_PROP(gsm7_properties, lengths, ()) {
  auto const septets = *rc::gen::inRange<std::size_t>(0, 100000);
  auto const header = *rc::gen::inRange<std::size_t>(0, 140);
  RC_ASSERT(packed_octets(septets) == (septets + 1) * 7 / 8);
  RC_ASSERT(fill_bits(header) < 7u);
  // Header, fill bits and text together take the octets of all their septets.
  RC_ASSERT(header + packed_octets(septets, header) == packed_octets(header_septets(header) + septets));
}

RC_GTEST_PROP(gsm7_properties, padded_septets_come_back_but_for_a_doubled_cr, ()) {
  auto septets = *any_septets();
  auto const back = unpack_padded(pack_padded(septets));
  if (!septets.empty() && septets.size() % 8 == 0 && septets.back() == carriage_return)
    septets.push_back(carriage_return);
  RC_ASSERT(back == septets);
}

// Any septets at all decode to text that encodes again to the same text.
RC_GTEST_PROP(gsm7_properties, decoding_never_fails, ()) {
  auto const tables = *any_shifts();
  auto const once = decode_septets(*any_octets(), tables);
  RC_ASSERT(check_utf8(once).has_value());
  RC_ASSERT(decode_septets(encode_septets(once, tables).data, tables) == once);
}

RC_GTEST_PROP(unicode_properties, utf16_and_back, ()) {
  auto const text = *any_text();
  auto const units = utf16be_of(text);
  RC_ASSERT(units.size() == 2 * count_utf16_units(text));
  RC_ASSERT(text_of_utf16be(units).value() == text);
}

RC_GTEST_PROP(unicode_properties, latin1_and_back, ()) {
  auto const data = *any_octets();
  RC_ASSERT(latin1_of(text_of_latin1(data)) == (encoded{data, 0}));
}

RC_GTEST_PROP(unicode_properties, repaired_text_is_well_formed, ()) {
  auto const data = *any_octets();
  auto const repaired = repair_utf8(text_of(data));
  RC_ASSERT(check_utf8(repaired).has_value());
  if (check_utf8(text_of(data))) RC_ASSERT(repaired == text_of(data));
}

}  // namespace
}  // namespace signalbox::text
